"""Drawing: straight procedures stand on one line, every stage is drawn once, nothing crashes."""

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.procedures.definition import (
    Clock,
    Definition,
    Due,
    Move,
    Outcome,
    Owner,
    Scenario,
    Span,
    Stage,
    Step,
    Vocabulary,
    check,
    drawing,
    parse,
)
from gongzhi.procedures.definition.layout import END, lay_out
from gongzhi.procedures.definition.tests.samples import SIX, SMALL

SIX_STEPS = parse(SIX, file="six.yaml")
ROW = ["collect", "confirm", "survey", "consult", "publicise", "follow_up", END]


def test_six_steps_stand_on_one_line_in_their_order() -> None:
    drawn = drawing(SIX_STEPS)
    assert drawn.straight
    assert [node.key for node in drawn.listed] == ROW
    assert {node.state for node in drawn.nodes} == {"todo"}
    assert len({node.x for node in drawn.nodes}) == 7


def test_the_row_shows_what_is_done_what_is_now_and_what_comes() -> None:
    drawn = drawing(SIX_STEPS, "survey", ["collect", "confirm", "survey"])
    states = [node.state for node in drawn.steps]
    assert states == ["done", "done", "now", "todo", "todo", "todo", "todo"]
    assert drawn.caption == "议前调研"
    gone = [(edge.source, edge.target) for edge in drawn.edges if edge.done]
    assert gone == [("collect", "confirm"), ("confirm", "survey")]


def test_a_case_that_goes_back_is_shown_where_it_is() -> None:
    drawn = drawing(parse(SMALL, file="x.yaml"), "second", ["first", "second", "third", "second"])
    assert [(node.key, node.state) for node in drawn.steps] == [
        ("first", "done"),
        ("third", "done"),
        ("second", "now"),
        (END, "todo"),
    ]


def test_a_case_that_was_passed_on_at_once_still_began_at_the_start() -> None:
    drawn = drawing(SIX_STEPS, "confirm", ["confirm"])
    assert [(node.key, node.state) for node in drawn.steps[:2]] == [
        ("collect", "done"),
        ("confirm", "now"),
    ]


def test_a_closed_case_shows_its_outcome() -> None:
    drawn = drawing(SIX_STEPS, "declined", ["collect", "confirm"])
    assert [node.name for node in drawn.steps] == ["收集议题", "确定议题", "未列入"]
    assert drawn.steps[-1].state == "done"
    assert {node.key for node in drawn.nodes if node.state == "skipped"} == set(ROW[2:-1])


def test_the_public_sees_public_names_and_no_internal_stage() -> None:
    text = SMALL.replace("name: 部门,", "name: 部门, internal: true,").replace(
        "name: 回访,", "name: 回访, public_name: 等您评价,"
    )
    drawn = drawing(parse(text, file="x.yaml"), "third", ["first", "second", "third"], public=True)
    assert [node.name for node in drawn.steps] == ["受理", "等您评价", "办结"]
    assert "second" not in {node.key for node in drawn.nodes}


@pytest.mark.parametrize("current", [None, "survey", "done"])
def test_the_pages_have_no_inline_style_and_say_all_in_words(current: str | None) -> None:
    drawn = drawing(SIX_STEPS, current, ["collect", "confirm", "survey"])
    page = render_to_string("procedures/drawing.html", {"drawing": drawn})
    row = render_to_string("procedures/steps.html", {"drawing": drawn})
    assert 'role="img"' in page
    assert "<title>六步议事法流程图" in page
    for node in drawn.nodes:
        assert f'<span class="name">{node.name}</span>' in page
    assert "style=" not in page + row
    assert "<script" not in page + row
    assert row.count("aria-current") == (1 if current == "survey" else 0)


keys = st.sampled_from(["a", "b", "c", "d", "e", "f", "g"])
ends = st.sampled_from(["good", "bad", "lost"])
owners = st.sampled_from(
    [None, Owner("community_worker", "community"), Owner(organisation_from="x"), Owner("y", "z")]
)
clocks = st.none() | st.builds(
    Clock, st.builds(Span, st.integers(1, 5), st.just("days")), (keys | ends).map("to_{}".format)
)
steps = st.builds(Step, move=(keys | ends).map("to_{}".format)) | st.just(
    Step(wait=Span(9, "days"))
)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Any graph at all, sound or not: what the checker must survive."""
    chosen = draw(st.lists(keys, min_size=1, max_size=7, unique=True))
    stages = {
        key: Stage(
            key=key,
            name=key * draw(st.integers(1, 20)),
            public_name=key,
            internal=draw(st.booleans()),
            owner=draw(owners),
            due=draw(st.sampled_from([None, Due(2, "days")])),
            clock=draw(clocks),
        )
        for key in chosen
    }
    pairs = draw(st.lists(st.tuples(keys, keys | ends), max_size=14))
    moves = [
        Move(key=f"to_{target}", name=f"到{target}", public_name="", source=source, target=target)
        for source, target in pairs
    ]
    outcomes = {
        "good": Outcome(key="good", name="好", kind="solved", public_name="好"),
        "bad": Outcome(key="bad", name="不", kind="declined", public_name="不"),
    }
    told = draw(st.lists(st.lists(steps, max_size=5), max_size=2))
    return Definition(
        key="any",
        name="任意",
        subject="",
        public_name="任意",
        public=(),
        start=draw(keys),
        stages=stages,
        moves=tuple(moves),
        outcomes=outcomes,
        fields={},
        scenarios=tuple(Scenario(name="t", walk=tuple(walk), ends="good") for walk in told),
    )


@settings(max_examples=250)
@given(definitions(), st.none() | keys | ends, st.lists(keys, max_size=8), st.booleans())
def test_any_graph_is_checked_and_drawn(
    definition: Definition, current: str | None, visited: list[str], public: bool
) -> None:
    check(definition, Vocabulary())
    drawn = drawing(definition, current, visited, public=public)
    hidden = {key for key, stage in definition.stages.items() if public and stage.internal}
    assert sorted(node.key for node in drawn.nodes) == sorted({*definition.stages, END} - hidden)
    places = [(node.x, node.y) for node in drawn.nodes]
    assert len(set(places)) == len(places), "two stages on one spot"
    assert all(0 < node.x < drawn.width and 0 < node.y < drawn.height for node in drawn.nodes)
    assert sum(node.state == "now" for node in drawn.nodes) <= 1
    steps_shown = [node.key for node in drawn.steps]
    assert len(set(steps_shown)) == len(steps_shown)


@settings(max_examples=150)
@given(definitions())
def test_every_way_but_the_way_back_goes_right(definition: Definition) -> None:
    layout = lay_out(definition)
    for move in definition.moves:
        target = END if definition.is_outcome(move.target) else move.target
        if move.source in definition.stages and target in layout.layers and move.source != target:
            forward = layout.layers[move.source] < layout.layers[target]
            assert forward or (move.source, target) in layout.back
