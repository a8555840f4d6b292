"""Shared fields, variants that extend a base procedure, and whole folders."""

from pathlib import Path

import pytest

from gongzhi.procedures.choices import EFFECTS, GUARDS
from gongzhi.procedures.definition import DefinitionInvalid, check_directory, parse, read
from gongzhi.procedures.definition.library import Library, load_library
from gongzhi.procedures.definition.nodes import read_tree
from gongzhi.procedures.definition.tests.samples import SMALL
from gongzhi.procedures.definition.vocabulary import read_vocabulary


def library(text: str = SMALL) -> Library:
    tree, _problems = read_tree(text, "base.yaml")
    shared, _none = read_tree("answer: {label: 处理结果, type: long_text}", "fields.yaml")
    assert tree is not None
    assert shared is not None
    return Library(dict(shared.mapping or {}), {"small": tree})


VARIANT = """\
extends: small
procedure: small
name: 某区小流程
stages:
  first: {name: 邻里, due: 2 workdays}
moves:
  - {change: 派单, name: 吹哨}
  - {remove: again}
  - {from: first, to: third, name: 当场办好, form: [answer!]}
scenarios:
  - {change: 走完, walk: [吹哨, 答复, 解决了]}
  - {name: 当场办好, walk: [当场办好, 解决了], ends: solved}
"""


def test_a_variant_changes_what_it_says_and_keeps_the_rest() -> None:
    base = parse(SMALL, file="base.yaml", library=library())
    variant = parse(VARIANT, file="v.yaml", library=library())
    first = variant.stages["first"]
    assert (first.name, first.due.amount if first.due else 0) == ("邻里", 2)
    assert first.owner == base.stages["first"].owner
    assert variant.stages["second"] == base.stages["second"]
    assert [move.name for move in variant.moves] == ["吹哨", "答复", "解决了", "当场办好"] + [
        move.name for move in base.moves if move.kind == "clock"
    ]
    assert [scenario.name for scenario in variant.scenarios] == ["走完", "当场办好"]
    assert parse(variant.source, file="v.yaml", library=Library()) == variant


def test_faults_of_a_variant_name_the_variant_and_those_of_the_base_the_base() -> None:
    text = VARIANT.replace("due: 2 workdays", "due: soon").replace("change: 派单", "change: 派遣")
    _definition, problems = read(text, file="v.yaml", library=library())
    assert [(problem.file, problem.line) for problem in problems] == [("v.yaml", 5), ("v.yaml", 7)]
    broken = library(SMALL.replace("due: 3 days", "due: later"))
    _definition, problems = read(VARIANT, file="v.yaml", library=broken)
    assert [(problem.file, problem.line) for problem in problems] == [("base.yaml", 11)]


def test_a_stage_can_be_taken_away() -> None:
    text = VARIANT.replace("  first: {name: 邻里, due: 2 workdays}\n", "  second: null\n").replace(
        "change: 派单, name: 吹哨", "remove: 派单"
    )
    _definition, problems = read(text, file="v.yaml", library=library())
    assert _definition is not None
    assert "second" not in _definition.stages
    assert problems == []


def test_extending_in_a_ring_is_refused() -> None:
    trees = {}
    for key, other in (("one", "two"), ("two", "one")):
        tree, _none = read_tree(f"procedure: {key}\nextends: {other}\n", f"{key}.yaml")
        assert tree is not None
        trees[key] = tree
    _definition, problems = read(
        "procedure: x\nextends: one\n", file="x.yaml", library=Library({}, trees)
    )
    assert any("绕成了圈" in problem.message for problem in problems)


def folder(path: Path, **files: str) -> Path:
    (path / "procedures").mkdir()
    for name, text in files.items():
        (path / "procedures" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


FULL = read_vocabulary(guards=GUARDS, effects=EFFECTS)


def test_any_folder_can_be_checked(tmp_path: Path) -> None:
    report = check_directory(folder(tmp_path, small=SMALL), FULL)
    assert report, report.lines()
    assert "small" in {definition.key for definition in report.definitions}
    assert "没有问题" in report.lines()[-1]


def test_a_folder_reports_every_file_with_its_lines(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        a=SMALL.replace("due: 3 days", "due: soon"),
        b="procedure: [",
        c=SMALL.replace("name: 重办", "name: 解决了").replace("procedure: small", "procedure: two"),
    )
    (place / "procedures" / "d.yaml").write_bytes(b"\xff\xfe\x00")
    report = check_directory(place, FULL)
    assert not report
    found = {(Path(problem.file).name, problem.line) for problem in report.problems}
    assert {("a.yaml", 11), ("b.yaml", 1), ("c.yaml", 15), ("d.yaml", 1)} <= found
    assert "small" not in {definition.key for definition in report.definitions}
    assert "处要改" in report.lines()[-1]


def test_two_files_of_a_folder_may_not_share_a_key(tmp_path: Path) -> None:
    report = check_directory(folder(tmp_path, a=SMALL, b=SMALL), FULL)
    assert any("已经用过" in problem.message for problem in report.problems)


def test_a_folder_brings_its_own_fields_and_words(tmp_path: Path) -> None:
    text = SMALL.replace("form: [answer!]", "form: [own!], evidence: {song: 1}")
    place = folder(tmp_path, small=text)
    (place / "fields.yaml").write_text("own: 自己的问题\n", encoding="utf-8")
    (place / "vocabulary.yaml").write_text("evidence: {song: 歌}\n", encoding="utf-8")
    words = read_vocabulary(place, guards=GUARDS, effects=EFFECTS)
    assert check_directory(place, words)
    assert not check_directory(place, FULL)


def test_the_days_of_a_district_are_checked_with_it(tmp_path: Path) -> None:
    (tmp_path / "calendar.yaml").write_text("days:\n  2026-02-30: off\n", encoding="utf-8")
    report = check_directory(tmp_path, FULL)
    found = [(Path(problem.file).name, problem.line) for problem in report.problems]
    assert found == [("calendar.yaml", 2)]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    report = check_directory(tmp_path / "nowhere", FULL)
    assert any("没有这个文件夹" in problem.message for problem in report.problems)


def test_a_faulty_library_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "fields.yaml").write_text("a: [\n", encoding="utf-8")
    assert load_library(tmp_path).problems[0].file.endswith("fields.yaml")


@pytest.mark.parametrize(
    ("name", "text"),
    [("vocabulary.yaml", "colours: {red: 红}\n"), ("roles.yaml", "roles:\n  - name: x\n")],
)
def test_a_faulty_vocabulary_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionInvalid):
        read_vocabulary(tmp_path)
