"""Scenarios: walks, waits, refusals, numbers that must reach a share, and random walks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.procedures.definition import (
    Definition,
    Move,
    Rule,
    Scenario,
    Span,
    Step,
    Walker,
    broken_rules,
    parse,
    play,
    play_all,
    steps_to,
)
from gongzhi.procedures.definition.graph import way_to
from gongzhi.procedures.definition.tests.samples import SIX, SMALL

SIX_STEPS = parse(SIX, file="six.yaml")
SMALL_ONE = parse(SMALL, file="small.yaml")


def test_told_examples_play() -> None:
    assert play_all(SIX_STEPS) == []
    assert play_all(SMALL_ONE) == []


def test_the_clock_moves_after_its_time_and_not_before() -> None:
    walker = Walker(SIX_STEPS)
    walker.begin("publicise")
    walker.wait(Span(6, "days"))
    assert walker.place() == "publicise"
    walker.wait(Span(1, "days"))
    assert walker.place() == "follow_up"


def test_a_guard_that_holds_keeps_the_clock_back() -> None:
    walker = Walker(SIX_STEPS, {"open_objections": True})
    walker.begin("publicise")
    walker.wait(Span(300, "days"))
    assert walker.place() == "publicise"


def test_a_closed_guard_refuses_and_says_which() -> None:
    walker = Walker(SIX_STEPS, {"can_be_deliberated": False})
    walker.begin("confirm")
    assert "can_be_deliberated" in walker.refusal(Step(move="列入议题"))
    assert walker.refusal(Step(move="不列入")) == ""


def test_told_data_must_answer_what_is_required() -> None:
    walker = Walker(SIX_STEPS)
    assert walker.refusal(Step(move="提交审定", data={"stakeholders": "业委会"}))
    assert walker.refusal(Step(move="提交审定", data={"summary": "停车难"})) == ""


def test_after_the_end_nothing_moves() -> None:
    walker = Walker(SMALL_ONE)
    for name in ("派单", "答复", "解决了"):
        walker.move(Step(move=name))
    assert walker.place() == "solved"
    assert walker.refusal(Step(move="派单")) == "事项已经办结"
    walker.wait(Span(100, "days"))
    assert walker.place() == "solved"
    with pytest.raises(ValueError, match="办结"):
        walker.move(Step(move="派单"))


def test_a_real_engine_can_be_the_player() -> None:
    class Stubborn(Walker):
        def refusal(self, step: Step) -> str:
            return "今天不办"

    scenario = Scenario(name="走", walk=(Step(move="派单"),), ends="second")
    told = play(scenario, Stubborn(SMALL_ONE), SMALL_ONE)
    assert "今天不办" in told[0].message


def test_steps_bring_a_fresh_case_to_any_stage() -> None:
    for definition in (SIX_STEPS, SMALL_ONE):
        for stage in definition.stages:
            walker = Walker(definition)
            steps = steps_to(definition, stage)
            assert steps is not None
            for step in steps:
                assert walker.refusal(step) == ""
                walker.move(step)
            assert walker.place() == stage
    assert steps_to(SMALL_ONE, "nowhere") is None


RULE = Move(
    key="pass",
    name="通过",
    public_name="通过",
    source="a",
    target="b",
    rules=(Rule("present", "entitled", 2, 3), Rule("for", "present", 1, 2, strict=True)),
)


@pytest.mark.parametrize(
    ("entitled", "present", "agreed", "broken"),
    [
        (30, 20, 11, []),
        (30, 19, 19, ["present"]),
        (30, 20, 10, ["for"]),
        (30, 31, 16, ["present"]),
        (30, 20, 21, ["for"]),
        (30, -1, -1, ["present", "for"]),
        (0, 0, 0, ["present", "for"]),
        (3, 2, 2, []),
    ],
)
def test_shares_are_exact(entitled: int, present: int, agreed: int, broken: list[str]) -> None:
    found = broken_rules(RULE, {"entitled": entitled, "present": present, "for": agreed})
    assert [fault.field for fault in found] == broken
    assert all(fault.message == fault.plain for fault in found)


@pytest.mark.parametrize("data", [{}, {"present": None}, {"present": "20", "entitled": True}])
def test_numbers_that_are_missing_break_no_share(data: dict[str, object]) -> None:
    assert broken_rules(RULE, data) == ()


@settings(max_examples=60)
@given(st.sampled_from([SIX_STEPS, SMALL_ONE]), st.data())
def test_whatever_is_played_no_stage_is_skipped(
    definition: Definition, data: st.DataObject
) -> None:
    walker = Walker(definition)
    names = sorted({move.key for move in definition.moves})
    for _step in range(12):
        before = walker.place()
        step = Step(move=data.draw(st.sampled_from(names)))
        if walker.refusal(step):
            assert walker.place() == before
            continue
        walker.move(step)
        assert any(m.source == before and m.target == walker.place() for m in definition.moves)
        way = way_to(definition, walker.place())
        assert way is not None
