"""The procedure files of the house and of the five districts: they check, and keep their rules."""

from itertools import pairwise
from pathlib import Path

import pytest

from gongzhi.procedures.choices import EFFECTS, GUARDS
from gongzhi.procedures.definition import (
    Definition,
    Report,
    Span,
    Step,
    Walker,
    check_directory,
    drawing,
    play_all,
    read_vocabulary,
)
from gongzhi.procedures.definition.graph import reachable
from gongzhi.procedures.definition.layout import END
from gongzhi.procedures.definition.library import BASE

DISTRICTS = ("_base", "anning", "chongchuan", "hunnan", "jinchang", "wuda")


def report(district: str) -> Report:
    folder = BASE.parent / district
    return check_directory(folder, read_vocabulary(folder, guards=GUARDS, effects=EFFECTS))


def procedures(district: str = "_base") -> dict[str, Definition]:
    return {definition.key: definition for definition in report(district).definitions}


BASES = procedures()
MATTER = BASES["matter"]
SIX = BASES["six-step-deliberation"]
FIVE = BASES["five-step-deliberation"]
FOUR = BASES["four-deliberations-two-disclosures"]


@pytest.mark.parametrize("district", DISTRICTS)
def test_every_district_checks(district: str) -> None:
    found = report(district)
    assert found, "\n".join(found.lines())
    assert len(found.definitions) == 8


@pytest.mark.parametrize("definition", BASES.values(), ids=BASES)
def test_every_file_tells_of_ways_to_an_end_and_of_refusals(definition: Definition) -> None:
    assert play_all(definition) == []
    assert any(scenario.refuse for scenario in definition.scenarios)
    assert any(scenario.ends in definition.outcomes for scenario in definition.scenarios)
    assert len(definition.scenarios) >= 7


@pytest.mark.parametrize("definition", BASES.values(), ids=BASES)
def test_every_open_stage_has_somebody_or_a_clock(definition: Definition) -> None:
    assert all(stage.owner or stage.clock for stage in definition.stages.values())


def straight(definition: Definition) -> list[str]:
    return [node.name for node in drawing(definition).steps if node.key != END]


def test_six_steps_in_their_order_and_none_can_be_skipped() -> None:
    names = ["收集议题", "确定议题", "议前调研", "协商议事", "公开公示", "跟踪落实"]
    assert straight(SIX) == names
    order = ["collect", "confirm", "survey", "consult", "publicise", "follow_up"]
    for place, key in enumerate(order):
        ahead = {m.target for m in SIX.moves_from(key) if m.target in order}
        assert ahead <= {*order[: place + 1], *order[place + 1 : place + 2]}, key
    assert [m.source for m in SIX.moves if m.target == "done"] == ["follow_up"]


def test_the_posting_of_six_steps_lasts_seven_days_and_is_posted_somewhere() -> None:
    clock = SIX.stages["publicise"].clock
    assert clock is not None
    assert clock.after == Span(7, "days")
    resolve = SIX.move("consult", "形成决议")
    assert resolve is not None
    assert "notice_place" in {field.key for field in resolve.form if field.required}
    walker = Walker(SIX)
    walker.begin("publicise")
    walker.wait(Span(7 * 24 * 60 - 1, "minutes"))
    assert walker.place() == "publicise"


def test_an_objection_during_the_posting_is_answered_before_anything_is_done() -> None:
    walker = Walker(SIX)
    walker.begin("publicise")
    walker.move(Step(move="登记异议"))
    walker.wait(Span(100, "days"))
    assert walker.place() == "objection"
    due = SIX.stages["objection"].due
    assert due is not None
    assert due.span == Span(3, "days")
    assert {move.target for move in SIX.moves_from("objection")} == {"publicise", "consult"}


def test_five_steps_in_their_order_and_closing_needs_the_residents_evaluation() -> None:
    assert straight(FIVE) == ["居民点题", "支部议定", "网格实施", "结果公开", "评价反馈"]
    closing = [move for move in FIVE.moves if move.target in ("done", "partly")]
    assert closing
    for move in closing:
        assert move.source == "rate"
        assert move.evidence["resident_rating"] >= 1
        assert "rated" in {field.key for field in move.form if field.required}


def test_four_deliberations_keep_their_shares_and_their_posting() -> None:
    assert straight(FOUR) == [
        "党支部提议",
        "两委商议",
        "党员大会审议",
        "居民代表会议决议",
        "决议公开",
        "组织实施",
        "实施结果公开",
    ]
    party = FOUR.move("party_meeting", "党员大会通过")
    assert party is not None
    shares = [(rule.numerator, rule.denominator, rule.strict) for rule in party.rules]
    assert shares == [(2, 3, False), (1, 2, True)]
    clock = FOUR.stages["disclose"].clock
    assert clock is not None
    assert clock.after == Span(7, "days")


def test_a_matter_climbs_every_level_and_comes_down_again_with_a_reason() -> None:
    climbing = {(m.source, m.target): m for m in MATTER.moves if m.kind in ("up", "down")}
    levels = ["grid", "community", "street", "command"]
    for low, high in pairwise(levels):
        assert climbing[low, high].kind == "up"
        assert climbing[high, low].kind == "down"
    for move in climbing.values():
        assert "pass_reason" in {field.key for field in move.form if field.required}


def test_a_department_may_object_once_and_somebody_rules() -> None:
    objection = MATTER.stages["department"].objection
    assert objection is not None
    assert objection.ruling.role == "district_clerk"
    assert objection.upheld == "command"
    assert not [m for m in MATTER.moves_from("department") if m.kind in ("back", "down")]


def test_only_the_reporter_or_a_call_to_him_says_that_it_is_solved() -> None:
    solving = [move for move in MATTER.moves if move.target == "solved"]
    assert {move.source for move in solving} == {"feedback"}
    assert {move.moved_by for move in solving} == {"reporter", "owner"}
    unsolved = MATTER.move("feedback", "verdict_unsolved")
    assert unsolved is not None
    owner = MATTER.stages[unsolved.target].owner
    assert owner is not None
    assert owner.role == "community_secretary"


def test_declining_and_excluding_pick_from_closed_lists_and_give_a_reason() -> None:
    for key in ("decline", "exclude"):
        for move in (move for move in MATTER.moves if move.key == key):
            asked = {field.key: field for field in move.form}
            assert asked["reason" if key == "decline" else "note"].required
            assert asked[f"{key}_reason"].required
            assert asked[f"{key}_reason"].choices
    excluding = [move for move in MATTER.moves if move.key == "exclude"]
    assert all(move.by and move.by.role == "district_clerk" for move in excluding)


@pytest.mark.parametrize(
    ("district", "names"),
    [
        ("chongchuan", ["受理", "邻里", "社区", "街道", "部门", "回访"]),
        ("anning", ["受理", "片区", "社区", "街道", "部门", "回访"]),
        ("wuda", ["受理", "红色单元", "社区", "镇（街道）", "部门", "回访"]),
        ("jinchang", ["受理", "责任网格", "社区", "街道", "部门", "回访"]),
        ("hunnan", ["受理", "网格", "社区", "街道", "部门", "回访"]),
    ],
)
def test_each_district_calls_its_levels_by_its_own_names(district: str, names: list[str]) -> None:
    assert straight(procedures(district)["matter"]) == names


def test_a_variant_keeps_every_move_of_the_base_under_its_id() -> None:
    wuda = procedures("wuda")["matter"]
    base_keys = {(move.source, move.key) for move in MATTER.moves}
    assert {(move.source, move.key) for move in wuda.moves} == base_keys
    assert reachable(wuda) == reachable(MATTER)
    assert wuda.digest != MATTER.digest


def test_the_variant_shown_in_the_how_to_works(tmp_path: Path) -> None:
    page = (BASE.parents[3] / "docs" / "how-to" / "procedure-language.md").read_text("utf-8")
    (tmp_path / "procedures").mkdir()
    block = page.split("```yaml")[-1].split("```")[0]
    (tmp_path / "procedures" / "matter.yaml").write_text(block, encoding="utf-8")
    found = check_directory(tmp_path, read_vocabulary(guards=GUARDS, effects=EFFECTS))
    assert found, found.lines()
    matter = next(one for one in found.definitions if one.key == "matter")
    assert matter.move("grid", "on_the_spot")
    assert not matter.move("feedback", "call_partly")
