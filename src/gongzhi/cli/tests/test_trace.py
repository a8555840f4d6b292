"""The list of requirements, and how the tests of each are summed up."""

import argparse
import json
import re
from pathlib import Path

import pytest

from gongzhi.cli import trace
from gongzhi.cli.trace import read_requirements, verdict
from gongzhi.config.environment import ROOT


def test_the_list_holds_every_requirement_once() -> None:
    listed = read_requirements(ROOT / "docs" / "requirements.csv")
    assert len(listed) == len({one.id for one in listed}) == 165
    assert {one.priority for one in listed} == {"core", "secondary"}
    assert all(one.summary and one.capabilities for one in listed)


def test_a_requirement_passes_only_when_every_test_of_it_does() -> None:
    assert verdict({}) == "none"
    assert verdict({"a": "passed", "b": "passed"}) == "pass"
    assert verdict({"a": "passed", "b": "failed"}) == "FAIL"
    assert verdict({"a": "skipped"}) == "FAIL"


def test_the_last_run_is_shown_for_every_requirement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    last = {
        "000-01": {"src/a.py::test_one": "passed"},
        "000-02": {"src/a.py::test_one": "passed", "src/b.py::test_two[\\u4e00\\u6b65]": "failed"},
    }
    (tmp_path / "requirements.json").write_text(json.dumps({"requirements": last}))
    monkeypatch.setenv("GONGZHI_VAR", str(tmp_path))
    assert trace.run(argparse.Namespace(last=True)) == 1
    shown = capsys.readouterr().out
    ids = re.findall(r"^(\d{3}-\d{2}) ", shown, re.MULTILINE)
    assert len(ids) == len(set(ids)) == 165
    assert re.search(r"^000-01  core +pass .*\n +passed +src/a.py::test_one$", shown, re.MULTILINE)
    assert re.search(r"^000-02  core +FAIL ", shown, re.MULTILINE)
    assert "          failed  src/b.py::test_two[一步]\n" in shown
    assert shown.endswith("165 条需求 / requirements: 1 pass, 1 fail, 163 none\n")
