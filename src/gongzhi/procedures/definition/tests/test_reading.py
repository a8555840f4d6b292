"""Reading: every short form that is promised, every fault with its line, never an exception."""

import random
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.procedures.definition import (
    Clock,
    Definition,
    DefinitionInvalid,
    Due,
    Escalation,
    Join,
    Lights,
    Owner,
    Span,
    Spawn,
    parse,
    read,
)
from gongzhi.procedures.definition.library import Library
from gongzhi.procedures.definition.tests.samples import SIX, SMALL, changed, problems_of


def small(old: str, new: str) -> Definition:
    return parse(changed(old, new), file="x.yaml")


def test_the_example_of_the_architecture_reads_as_written() -> None:
    six = parse(SIX, file="six.yaml")
    assert (six.key, six.name, six.public_name) == (
        "six-step-deliberation",
        "六步议事法",
        "议事协商",
    )
    assert list(six.stages) == ["collect", "confirm", "survey", "consult", "publicise", "follow_up"]
    collect = six.stages["collect"]
    assert collect.owner == Owner(role="community_worker", level="community")
    assert collect.due == Due(5, "workdays")
    assert six.stages["publicise"].clock == Clock(
        Span(7, "days"), "to_follow_up", "open_objections"
    )
    assert six.stages["follow_up"].join == Join("all")
    assert six.stages["follow_up"].spawn == Spawn("tasks_of_resolution")
    first = six.moves[0]
    assert [(field.key, field.required) for field in first.form] == [
        ("summary", True),
        ("stakeholders", False),
    ]
    assert six.move("consult", "形成决议") == six.move("consult", "to_publicise")
    assert six.move("consult", "形成决议").evidence == {"minutes": 1, "vote": 1}  # type: ignore[union-attr]
    clock = six.move("publicise", "to_follow_up")
    assert clock is not None
    assert (clock.kind, clock.moved_by) == ("clock", "clock")
    assert six.outcomes["done"].kind == "solved"
    assert problems_of(SIX) == []


def test_every_node_knows_its_line() -> None:
    definition = parse(SMALL, file="x.yaml")
    assert definition.stages["second"].line == 11
    assert definition.moves[0].line == 14
    assert definition.outcomes["unrated"].line == 20
    assert definition.scenarios[0].line == 22


def test_what_is_stored_is_self_contained_and_reads_the_same() -> None:
    definition = parse(SMALL, file="x.yaml")
    again = parse(definition.source, file="x.yaml", library=Library())
    assert again == definition
    assert again.digest == definition.digest


def test_comments_and_layout_do_not_change_the_digest() -> None:
    one = parse(SMALL, file="x.yaml")
    two = parse(f"# 说明\n{SMALL}\n\n", file="y.yaml")
    assert one.digest == two.digest
    assert small("due: 3 days", "due: 4 days").digest != one.digest


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("5 workdays", Due(5, "workdays")),
        ("1 workday", Due(1, "workdays")),
        ("24 hours", Due(24, "hours")),
        ("30 minutes", Due(30, "minutes")),
        ("5个工作日", Due(5, "workdays")),
        ("7天", Due(7, "days")),
        ("{within: 2 days, basis: 第十二条}", Due(2, "days", "第十二条")),
    ],
)
def test_due_times(written: str, due: Due) -> None:
    assert small("due: 3 days", f"due: {written}").stages["second"].due == due


def test_a_basis_may_stand_beside_the_due_time() -> None:
    stage = small("due: 3 days", "due: 3 days, basis: 第三条").stages["second"]
    assert stage.due == Due(3, "days", "第三条")


@pytest.mark.parametrize(
    ("written", "owner"),
    [
        ("{role: community_worker, level: community}", Owner("community_worker", "community")),
        ("community_worker at community", Owner("community_worker", "community")),
        ("{pool: grid_worker at grid}", Owner("grid_worker", "grid", pool=True)),
        ("{role: grid_worker, level: grid, pool: true}", Owner("grid_worker", "grid", pool=True)),
        (
            "{role: department_liaison, organisation: department}",
            Owner("department_liaison", organisation_kind="department"),
        ),
        (
            "{role: department_liaison, organisation: lead}",
            Owner("department_liaison", organisation_from="lead"),
        ),
        ("{lead: lead, assist: assist}", Owner(organisation_from="lead", assist_from="assist")),
        ("{person: lead}", Owner(person_from="lead")),
        ("{fan_out: assist}", Owner(fan_out_from="assist")),
    ],
)
def test_owner_forms(written: str, owner: Owner) -> None:
    stage = small("owner: {lead: lead, assist: assist}", f"owner: {written}").stages["second"]
    assert stage.owner == owner


def test_lead_and_assist_may_stand_beside_the_owner() -> None:
    stage = small("owner: {lead: lead, assist: assist}", "lead: lead, assist: assist").stages[
        "second"
    ]
    assert stage.owner == Owner(organisation_from="lead", assist_from="assist")


@pytest.mark.parametrize(
    ("written", "join"), [("all", Join("all")), ("any", Join("any", 1)), ("2", Join("count", 2))]
)
def test_joins(written: str, join: Join) -> None:
    assert small("join: all", f"join: {written}").stages["second"].join == join


def test_what_hangs_on_a_due_time() -> None:
    stage = small(
        "due: 3 days",
        "due: 3 days, remind: [1 day before, 2 hours before],"
        " lights: {yellow: 1 day before, red: 0 hours after},"
        " escalate: {after: 1 day, to: {role: community_secretary, level: community}},"
        " pause: {approver: {role: community_secretary, level: community}, max: 2},"
        " objection: {ruling: {role: district_clerk, level: district},"
        " upheld: first, due: 1 workday}",
    ).stages["second"]
    assert stage.reminders == (Span(1, "days"), Span(2, "hours"))
    assert stage.lights == Lights(Span(1, "days"), Span(0, "hours"))
    secretary = Owner("community_secretary", "community")
    assert stage.escalation == Escalation(Span(1, "days"), secretary)
    assert stage.escalate_to == secretary
    assert stage.pause is not None
    assert stage.pause.max == 2
    assert stage.objection is not None
    assert stage.objection.upheld == "first"


def test_defaults_hold_for_dated_stages_and_can_be_taken_back() -> None:
    text = changed("stages:\n", "defaults: {remind: 1 hour before}\nstages:\n")
    definition = parse(text, file="x.yaml")
    assert definition.stages["first"].reminders == (Span(1, "hours"),)
    assert definition.stages["third"].reminders == ()
    taken = parse(text.replace("due: 3 days", "due: 3 days, remind: none"), file="x.yaml")
    assert taken.stages["second"].reminders == ()


def test_one_move_from_several_stages() -> None:
    definition = small("{from: second, to: third", "{from: [first, second], to: third")
    sources = [move.source for move in definition.moves if move.name == "答复"]
    assert sources == ["first", "second"]


def test_kinds_of_moves_follow_from_where_they_lead() -> None:
    definition = parse(SMALL, file="x.yaml")
    kinds = {(move.source, move.key): move.kind for move in definition.moves}
    assert kinds["first", "to_second"] == "forward"
    assert kinds["third", "again"] == "back"
    assert kinds["third", "verdict"] == "verdict"
    assert kinds["third", "to_unrated"] == "clock"


def test_names_may_look_like_numbers_or_answers() -> None:
    definition = small("name: 受理", "name: no")
    assert definition.stages["first"].name == "no"


BAD = [
    ("", 1, "空"),
    ("- 1", 1, "最外层"),
    ("procedure: [", 1, "YAML"),
    ("a: b: c", 1, "YAML"),
    ("\tprocedure: x", 1, "YAML"),
    ("procedure: x\nprocedure: y", 2, "写了两次"),
    ("a: &x [1]\nb: *x", 1, "别名"),
    ("? [a, b]\n: c", 1, "键应当是一个词"),
    ("a: !!python/object:os.system x", 1, "标记"),
    ("a: !mine {b: c}", 1, "流程"),
    ("a: \x00", 1, "YAML"),
    ("a: " + "[" * 60 + "]" * 60, 1, "嵌套"),
    ("a: " + "[" * 3000 + "]" * 3000, 1, "嵌套"),
    ("a: " + "x" * 500_000, 1, "超过"),
    ("---\na: 1\n---\nb: 2", 3, "YAML"),
    (changed("due: 3 days", "due: soon"), 11, "时间长度"),
    (changed("due: 3 days", "due: 0 days"), 11, "不能是 0"),
    (changed("due: 3 days", "due: {basis: x}"), 11, "没有写时间"),
    (changed("due: 3 days", "due: [1]"), 11, "时间长度"),
    (changed("due: 3 days", "duo: 3 days"), 11, "不认识的键 duo"),
    (changed("join: all", "join: most"), 11, "join"),
    (changed("join: all", "join: -1"), 11, "join"),
    (changed("{after: 7 days, move: to_unrated}", "{after: 7 days}"), 12, "clock 要写"),
    (changed("{after: 7 days, move: to_unrated}", "{after: 0 days, to: unrated}"), 12, "不能是 0"),
    (changed("{after: 7 days, move: to_unrated}", "7 days"), 12, "clock"),
    (changed("{lead: lead, assist: assist}", "{assist: assist}"), 11, "找不到人"),
    (changed("{lead: lead, assist: assist}", "{person: x, assist: assist}"), 11, "没有主办"),
    (changed("{lead: lead, assist: assist}", "{lead: lead, person: x}"), 11, "混在一起"),
    (changed("{lead: lead, assist: assist}", "somebody"), 11, "写法不对"),
    (changed("{pool: community_worker at community}", "{role: community_worker}"), 12, "找不到人"),
    (changed("form: [lead!, assist]", "form: [lead!, nobody]"), 14, "没有字段 nobody"),
    (changed("form: [lead!, assist]", "form: [lead!, lead]"), 14, "写了两次"),
    (changed("form: [lead!, assist]", "form: [{label: x}]"), 14, "没有编号"),
    (changed("type: integer}\n  ent", "type: number}\n  ent"), 7, "不认识的字段类型"),
    (changed("type: integer}\n  ent", "type: choice}\n  ent"), 7, "对不上"),
    (changed("type: integer}\n  ent", "type: integer, kinds: [department]}\n  ent"), 7, "不是组织"),
    (changed("  present:", "  Present:"), 7, "字段编号"),
    (changed("  second: {name", "  Second: {name"), 11, "环节编号"),
    (changed("  solved: {", "  second: {"), 11, "又是环节又是结果"),
    (changed("kind: solved", "kind: good"), 19, "类别不对"),
    (changed("outcomes:\n", "outcome:\n"), 18, "不认识的键 outcome"),
    (changed("name: 小流程\n", ""), 1, "没有名称"),
    (changed("subject: matters.matter\n", ""), 1, "没有写办理对象"),
    (changed("procedure: small", "procedure: Small!"), 1, "流程没有编号"),
    (
        changed("{from: second, to: third, name: 答复", "{from: second, name: 答复"),
        16,
        "from 和 to",
    ),
    (changed("id: again", "id: 再来"), 15, "步骤编号"),
    (changed("by: reporter", "by: reporter, kind: sideways"), 17, "不认识的 kind"),
    (changed("by: reporter", "by: everybody"), 17, "经办人"),
    (changed("by: reporter", "by: reporter, evidence: {minutes: many}"), 17, "份数"),
    (changed("by: reporter", "by: reporter, internal: perhaps"), 17, "true 或 false"),
    (changed("name: 走完, ", ""), 22, "没有名称"),
    (changed(", ends: solved", ""), 22, "什么也没有检验"),
    (changed("[派单, 答复, 解决了]", "[after 3 moons]"), 22, "等待时间"),
    (changed("[派单, 答复, 解决了]", "[{data: {a: 1}}]"), 22, "move 或 after"),
    (
        changed("form: [answer!]", "form: [answer!], rules: [{share: present, of: entitled}]"),
        16,
        "",
    ),
    (
        changed(
            "form: [answer!]",
            "form: [present!, entitled!], rules: [{share: present, of: entitled, at_least: half}]",
        ),
        16,
        "比例写法",
    ),
    (
        changed(
            "form: [answer!]",
            "form: [present, entitled!], rules: [{share: present, of: entitled, at_least: 1/2}]",
        ),
        16,
        "必填的整数",
    ),
    (changed("fields:\n", "extends: nothing\nfields:\n"), 4, "没有可以沿用"),
    (changed("name: 小流程", "name: 小流程\npublic: {shows: [secrets]}"), 3, "不能公开"),
    (changed("name: 小流程", "name: 小流程\nreopen: {to: [first]}"), 3, "reopen"),
    (changed("name: 小流程", "name: 小流程\ncancel: {outcome: solved}"), 3, "cancel"),
    (changed("due: 3 days", "due: 3 days, escalate: {after: 1 day}"), 11, "escalate"),
    (changed("due: 3 days", "due: 3 days, pause: {max: 2}"), 11, "没有审批人"),
    (changed("due: 3 days", "due: 3 days, objection: {upheld: first}"), 11, "没有裁定人"),
    (
        changed(
            "due: 3 days",
            "due: 3 days, objection: {ruling: {role: district_clerk, level: district}}",
        ),
        11,
        "去哪一环节",
    ),
    ("procedure: x\nname: x\nsubject: x\nstages: [a]\nmoves: {a: b}\noutcomes: 1", 4, "stages"),
    ("procedure: x\nname: x\nsubject: x\nstages: {}\nmoves: []\noutcomes: {}", 4, "没有环节"),
]


@pytest.mark.parametrize(("text", "line", "words"), BAD, ids=range(len(BAD)))
def test_a_fault_is_told_with_its_line(text: str, line: int, words: str) -> None:
    found = problems_of(text)
    told = [str(problem) for problem in found]
    assert any(problem.line == line and words in problem.message for problem in found), told
    assert all(problem.file == "x.yaml" and problem.line >= 1 for problem in found), told
    with pytest.raises(DefinitionInvalid) as caught:
        parse(text, file="x.yaml")
    assert caught.value.found
    assert caught.value.problems[0].field.startswith("x.yaml:")
    assert "x.yaml:" in str(caught.value)


@settings(max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    assert problems_of(text)


@settings(max_examples=150)
@given(st.randoms(use_true_random=False), st.sampled_from([SIX, SMALL]))
def test_a_damaged_file_is_answered(chance: random.Random, text: str) -> None:
    lines = text.splitlines()
    for _cut in range(chance.randint(1, 4)):
        place = chance.randrange(len(lines))
        line = lines[place]
        at = chance.randrange(len(line) + 1)
        lines[place] = chance.choice(
            [line[:at] + line[at + 1 :], line[:at] + chance.choice("{}[]:,!&*- \t") + line[at:], ""]
        )
    problems_of("\n".join(lines))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["first", "3 days", "reporter"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "role", "level", "from", "to", "after"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=200)
@given(st.data())
def test_a_wrong_type_anywhere_is_answered(data: st.DataObject) -> None:
    tree = yaml.safe_load(SMALL)
    place = tree
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(values)
            break
        place = place[key]
    problems_of(yaml.safe_dump(tree, allow_unicode=True))


def test_problems_print_file_line_and_mend() -> None:
    _definition, problems = read(changed("due: 3 days", "due: soon"), file="p/m.yaml")
    assert str(problems[0]).startswith("p/m.yaml:11: 办理期限不是时间长度。 修改：写成 5 workdays")
    assert str(replace(problems[0], mend="")).endswith("。")
