"""Sub-cases in the file: what opens them must exist, and what waits for them must be reachable."""

from pathlib import Path

import pytest

from gongzhi.procedures.definition import Due, Spawn, check_directory, parse, read_vocabulary
from gongzhi.procedures.definition.tests.samples import VOCABULARY, problems_of

PARENT = """\
procedure: parent
name: 议题
subject: matters.matter
fields:
  task: {label: 做什么}
  unit: {label: 承办单位, type: organisation}
  units: {label: 几家单位, type: organisations}
  finish_by: {label: 期限, type: date}
  tasks: {label: 任务, type: rows, columns: [task!, unit, finish_by!], maximum: 5}
stages:
  plan: {name: 定, owner: {role: community_secretary, level: community}, due: 3 days}
  carry:
    name: 落实
    owner: {role: community_secretary, level: community}
    spawn: {opener: each_row, of: tasks, procedure: child}
    join: all
    due: 30 days
moves:
  - {id: decide, from: plan, to: carry, name: 议定, form: [tasks!]}
  - {from: carry, to: done, name: 办结}
outcomes:
  done: {name: 已落实, kind: solved}
scenarios:
  - {name: 办完才结, walk: [议定, 办结], ends: done}
  - {name: 没办完不结, walk: [议定], refuse: [办结]}
"""
CHILD = """\
procedure: child
name: 任务
subject: procedures.task
fields:
  task: {label: 做什么}
  unit: {label: 承办单位, type: organisation}
  finish_by: {label: 期限, type: date}
stages:
  given: {name: 交办, owner: {role: community_secretary, level: community}, due: 2 days}
  work: {name: 承办, owner: {organisation: unit}, due: {within: 5 days, by: finish_by}}
moves:
  - {id: give, from: given, to: work, name: 交办, form: [task!, unit!, finish_by!]}
  - {from: work, to: done, name: 完成}
outcomes:
  done: {name: 完成, kind: solved}
  cancelled: {name: 撤销, kind: cancelled}
cancel: {by: {role: community_secretary, level: community}, outcome: cancelled}
scenarios:
  - {name: 完成, walk: [交办, 完成], ends: done}
"""


def told(tmp_path: Path, parent: str = PARENT, child: str = CHILD) -> list[str]:
    """Return what is wrong with a folder of these two files."""
    folder = tmp_path / "procedures"
    folder.mkdir()
    (folder / "parent.yaml").write_text(parent, encoding="utf-8")
    (folder / "child.yaml").write_text(child, encoding="utf-8")
    report = check_directory(
        tmp_path,
        read_vocabulary(
            guards=["open_objections", "can_be_deliberated"], effects=["record_verdict"]
        ),
    )
    return [str(problem) for problem in report.problems if "_base" not in problem.file]


def changed(text: str, old: str, new: str) -> str:
    """Return the text with one thing changed."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_two_files_that_fit_have_no_fault(tmp_path: Path) -> None:
    assert told(tmp_path) == []
    definition = parse(PARENT)
    assert definition.stages["carry"].spawn == Spawn("each_row", "tasks", "child")
    columns = definition.fields["tasks"].columns
    assert [(c.key, c.type, c.required) for c in columns] == [
        ("task", "text", True),
        ("unit", "organisation", False),
        ("finish_by", "date", True),
    ]
    assert parse(CHILD).stages["work"].due == Due(5, "days", by="finish_by")
    assert parse(definition.source).digest == definition.digest


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("opener: each_row", "opener: each_wish", 14, "开法 each_wish"),
        ("of: tasks", "of: plans", 11, "没有多行字段 plans"),
        ("of: tasks", "of: unit", 11, "没有多行字段 unit"),
        ("form: [tasks!]", "form: [tasks]", 11, "不一定填过 tasks"),
        ("join: all", "join: 6", 11, "要等 6 件，tasks 最多 5 件"),
        ("due: 30 days", "clock: {after: 3 days, move: to_done}", 11, "时钟却会先走"),
        ("spawn: {opener: each_row, of: tasks, procedure: child}", "spawn: each_row", 11, "没有写"),
        (", procedure: child", "", 14, "spawn 要写 opener、of 和 procedure"),
        (
            "due: 3 days}",
            "due: 3 days, spawn: {opener: each_row, of: tasks, procedure: child}}",
            11,
            "起始环节",
        ),
        ("type: rows, columns: [task!, unit, finish_by!]", "type: rows", 9, "columns 对不上"),
        ("label: 做什么", "label: 做什么, columns: [unit]", 5, "没有字段 unit"),
        ("columns: [task!,", "columns: [nothing!,", 9, "没有字段 nothing"),
        ("refuse: [办结]", "ends: done", 25, "实际停在 carry"),
    ],
)
def test_a_parent_that_cannot_work_is_refused(old: str, new: str, line: int, words: str) -> None:
    problems = problems_of(changed(PARENT, old, new))
    assert any(words in str(p) for p in problems), problems


def test_a_fan_out_cannot_wait_for_more_than_can_be_named() -> None:
    text = changed(PARENT, "spawn: {opener: each_row, of: tasks, procedure: child}", "x_: x")
    text = changed(text, "    x_: x\n", "")
    text = changed(
        text,
        "owner: {role: community_secretary, level: community}\n    join: all",
        "owner: {fan_out: units}\n    join: 51",
    )
    text = changed(text, "[tasks!]", "[units!]")
    assert "要等 51 件，units 最多 50 件" in str(problems_of(text)[0])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("procedure: child", "procedure: chidl", "没有流程 child"),
        (
            "cancel: {by: {role: community_secretary, level: community}, outcome: cancelled}",
            "reopen: {by: {role: community_secretary, level: community}, to: [given]}",
            "走不到结果",
        ),
        ("form: [task!, unit!, finish_by!]", "form: [unit!, finish_by!]", "第一步不问 task"),
        ("task: {label: 做什么}", "task: {label: 做什么, type: date}", "第一步不问 task"),
        ("by: finish_by", "by: task", "没有这个日期字段"),
    ],
)
def test_a_child_that_cannot_be_opened_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    found = told(tmp_path, child=changed(CHILD, old, new))
    assert any(words in problem for problem in found), found


def test_a_sub_case_that_cannot_be_called_off_is_refused(tmp_path: Path) -> None:
    child = "\n".join(line for line in CHILD.splitlines() if "cancel" not in line)
    found = told(tmp_path, child=child)
    assert any("不能撤销" in problem for problem in found), found


def test_sub_cases_without_end_are_refused(tmp_path: Path) -> None:
    parent = changed(PARENT, "procedure: child}", "procedure: parent}")
    found = told(tmp_path, parent=parent)
    assert any("没有尽头" in problem for problem in found), found
    assert VOCABULARY.openers
