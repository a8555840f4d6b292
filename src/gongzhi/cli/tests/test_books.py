"""`district check` reads figures, notices and replies too, and names the line of each fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from gongzhi.cli import district

FOLDER = "hunnan"
BROKEN = (
    ("indicators.yaml", "measures:\n  - {id: a, of: cards, day: never}\n", 2),
    ("indicators.yaml", "indicators:\n\n  - {id: a, formula: nothing +}\n", 3),
    ("indicators.yaml", "backlog: {now: nothing}\n", 1),
    ("notices.yaml", "\nquiet:\n  from: '25:00'\n", 3),
    ("notices.yaml", "kinds:\n  odd: {zh: 怪}\n", 2),
    (
        "notices.yaml",
        "templates:\n  x:\n    kind: step\n    zh: {line: 一, text: '[二'}\n"
        "    en: {line: a, text: b}\n",
        4,
    ),
    ("notices.yaml", "templates:\n  x:\n    kind: none\n    zh: {line: 一, text: 二}\n", 3),
    ("notices.yaml", "tell_days: soon\n", 1),
    ("notices.yaml", "mails: {}\n", 1),
    ("notices.yaml", "quiet: [\n", 2),
    ("replies.yaml", "replies:\n  - {name: 好}\n", 2),
    ("replies.yaml", "replies:\n  - {name: 好, text: 好, stages: [nowhere]}\n", 2),
    (
        "replies.yaml",
        "replies:\n  - {name: 好, text: 好}\n  - {name: 好, text: 好, categories: [x]}\n",
        3,
    ),
    ("replies.yaml", "replies: {}\n", 1),
    ("replies.yaml", "replies:\n  - {name: 好, text: 好, color: 红}\n", 2),
)


def _copy(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    shutil.copytree(Path(settings.DISTRICTS) / FOLDER, folder)
    return folder


def test_a_copy_of_a_shipped_folder_has_no_fault(tmp_path: Path) -> None:
    assert district.problems_of(_copy(tmp_path))[0] == []


@pytest.mark.parametrize(("name", "text", "line"), BROKEN)
def test_a_fault_is_named_with_file_line_and_mend(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    folder = _copy(tmp_path)
    (folder / name).write_text(text, encoding="utf-8")
    problems = district.problems_of(folder)[0]
    assert problems
    assert any(one.startswith(f"{folder / name}:{line}: ") for one in problems), problems
    assert all("修改：" in one for one in problems)
