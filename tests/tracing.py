"""A pytest plugin that collects how the tests marked with requirements ended."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from gongzhi.cli.trace import read_requirements
from gongzhi.config.environment import ROOT, var_directory


class Tracing:
    """Gathers outcomes by requirement and writes them to var/requirements.json at the end.

    A worker of a parallel run hands its ids to the controller within each report.
    """

    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, str]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Refuse an id that no requirement has: a misprint would show nothing."""
        known = {one.id for one in read_requirements(ROOT / "docs" / "requirements.csv")}
        for item in items:
            for mark in item.iter_markers("requirement"):
                if wrong := set(mark.args) - known:
                    raise pytest.UsageError(f"{item.nodeid}: no such requirement: {wrong}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        ids = sorted({str(one) for mark in item.iter_markers("requirement") for one in mark.args})
        if ids:
            report.user_properties.append(("requirements", ids))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, ids in report.user_properties:
            if name != "requirements":
                continue
            for one in ids:  # our own list
                known = self.outcomes.setdefault(one, {})
                test = report.nodeid.partition("@")[0]  # parallel runs append their group
                # A later phase never hides an earlier failure.
                if known.get(test, "passed") == "passed":
                    known[test] = report.outcome

    def write(self, path: Path) -> None:
        """Write what was gathered; a run of a few tests updates only what it ran."""
        whole: dict[str, dict[str, str]] = {}
        if path.is_file():
            whole = json.loads(path.read_text("utf-8"))["requirements"]
        for one, tests in self.outcomes.items():
            whole.setdefault(one, {}).update(tests)
        path.write_text(json.dumps({"requirements": whole}, indent=1, sort_keys=True), "utf-8")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput") or not self.outcomes:
            return
        self.write(var_directory() / "requirements.json")


def pytest_configure(config: pytest.Config) -> None:
    """Register one gatherer per process."""
    config.pluginmanager.register(Tracing(), "gongzhi-tracing")
