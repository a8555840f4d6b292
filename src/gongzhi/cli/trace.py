"""The command requirements: for each requirement, the tests that show it and how they ended."""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongzhi.cli import ready
from gongzhi.config.environment import ROOT, var_directory

RESULT = "requirements.json"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of docs/requirements.csv."""

    id: str
    priority: str
    summary: str
    capabilities: str


def add_to(commands: Any) -> None:
    """Add `requirements`."""
    text = "每条需求由哪些测试证明 / the tests that show each requirement"
    parser = commands.add_parser("requirements", help=text, description=text)
    parser.add_argument(
        "--last", action="store_true", help="不运行，只看上次结果 / show the last run"
    )
    parser.set_defaults(command=run)


def read_requirements(path: Path) -> list[Requirement]:
    """Read the list of requirements."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Requirement(**line) for line in csv.DictReader(file)]


def verdict(outcomes: Mapping[str, str]) -> str:
    """Return how the tests of one requirement ended: none, pass or FAIL."""
    if not outcomes:
        return "none"
    return "pass" if set(outcomes.values()) == {"passed"} else "FAIL"


def run(chosen: argparse.Namespace) -> int:
    """Run the marked tests (unless --last), print the table; 1 when a marked test failed."""
    listed = ROOT / "docs" / "requirements.csv"
    if not listed.is_file():
        raise ready.NotReady("需要源代码目录 / needs the source tree: docs/requirements.csv")
    result = var_directory() / RESULT
    if not chosen.last or not result.is_file():
        result.unlink(missing_ok=True)  # nothing of a test that is gone
        marked = ["-m", "requirement", "-q", "-n", "2", "--dist", "loadgroup"]
        subprocess.run(
            [sys.executable, "-m", "pytest", *marked], cwd=ROOT, check=False, stdout=sys.stderr
        )
    if not result.is_file():
        raise ready.NotReady(
            "测试没有运行：请看上面的信息，或先运行 make setup-dev / "
            "the tests did not run: see the lines above, or run make setup-dev first"
        )
    found: dict[str, dict[str, str]] = json.loads(result.read_text("utf-8"))["requirements"]
    return _print_table(read_requirements(listed), found)


def _readable(test: str) -> str:
    """Return a test's name with the characters that pytest writes as escapes."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), test)


def _print_table(requirements: list[Requirement], found: Mapping[str, Mapping[str, str]]) -> int:
    counts = {"pass": 0, "FAIL": 0, "none": 0}
    for one in requirements:
        outcomes = found.get(one.id, {})
        ended = verdict(outcomes)
        counts[ended] += 1
        print(f"{one.id}  {one.priority:<9}  {ended:<4}  {one.summary}")
        for test, outcome in sorted(outcomes.items()):
            print(f"          {outcome:<7} {_readable(test)}")
    print(
        f"{len(requirements)} 条需求 / requirements: {counts['pass']} pass, "
        f"{counts['FAIL']} fail, {counts['none']} none"
    )
    return 1 if counts["FAIL"] else 0
