"""Checking: whatever cannot work is refused with its line, its reason and its mend."""

import pytest

from gongzhi.procedures.definition import Problem
from gongzhi.procedures.definition.tests.samples import SIX, SMALL, changed, problems_of

DUE = "due: 3 days"
RING = """\
procedure: ring
name: 圈
subject: matters.matter
stages:
  first: {name: 甲, owner: community_worker at community, due: 1 day}
  second: {name: 乙, clock: {after: 1 day, to: third}}
  third: {name: 丙, clock: {after: 1 day, to: second}}
moves:
  - {from: first, to: second, name: 走}
  - {from: first, to: done, name: 办结}
outcomes:
  done: {name: 已办, kind: solved}
"""

REFUSED = [
    # the graph
    (changed("to: second, name: 重办", "to: nowhere, name: 重办"), 15, "to 没有环节或结果 nowhere"),
    (changed("from: second, to: third", "from: nowhere, to: third"), 16, "from 没有环节 nowhere"),
    (changed("to: second, name: 重办", "to: third, name: 重办"), 15, "停在原地"),
    (changed("{from: first, to: second", "{from: third, to: second"), 11, "走不到环节“部门”"),
    (changed("  - {from: second, to: third, name: 答复, form: [answer!]}\n", ""), 11, "没有出路"),
    (changed("{from: second, to: third", "{from: second, to: first"), 10, "走不到任何结果"),
    (
        changed("  unrated: {", "  never: {name: 无, kind: partly}\n  unrated: {"),
        20,
        "走不到结果“无”",
    ),
    (changed("name: 小流程", "name: 小流程\nstart: nowhere"), 1, "没有起始环节 nowhere"),
    (changed("{id: again, from: third", "{id: to_unrated, from: third"), 12, "填表"),
    (
        changed("{id: again, from: third, to: second", "{id: verdict, from: third, to: second"),
        15,
        "有两步都叫 verdict",
    ),
    (changed("name: 重办", "name: 解决了"), 15, "有两步都叫“解决了”"),
    (RING, 6, "绕着圈走"),
    (RING, 6, "走不到任何结果"),
    # times
    (changed(", due: 5 workdays", ""), 10, "没有时限"),
    (changed(DUE, "due: 3 days, remind: 3 days before"), 11, "早于期限的起点"),
    (changed(DUE, "due: 3 days, lights: {yellow: 100 hours}"), 11, "早于期限的起点"),
    (changed("to_unrated}}", "to_unrated}, remind: 1 day before}"), 12, "没有 due，却有 remind"),
    (
        changed("to_unrated}}", "to_unrated}, pause: {approver: district_clerk at district}}"),
        12,
        "却有 pause",
    ),
    # clocks
    (changed("move: to_unrated", "move: to_nowhere"), 12, "clock 没有步骤 to_nowhere"),
    (changed("move: to_unrated", "move: 重办"), 12, "时钟做不到"),
    # owners and parts
    (changed("owner: {role: community_worker, level: community}, ", ""), 10, "没有承办人"),
    (
        changed("owner: {pool: community_worker at community}, ", ""),
        15,
        "没有人能走",
    ),
    (changed("{lead: lead, assist: assist}", "{lead: lead}"), 11, "没有几家分办"),
    (changed("{lead: lead, assist: assist}, join: all", "{fan_out: assist}"), 11, "没有写 join"),
    (changed("form: [lead!, assist]", "form: [lead, assist]"), 11, "不一定填过 lead"),
    (changed("{lead: lead, assist: assist}", "{lead: present, assist: assist}"), 11, "类型是"),
    (changed("{lead: lead, assist: assist}", "{lead: ghost, assist: assist}"), 11, "没有的字段"),
    # names
    (changed("subject: matters.matter", "subject: matters.mater"), 1, "办理对象 matters.mater"),
    (changed("{role: community_worker,", "{role: community_boss,"), 10, "角色 community_boss"),
    (changed("worker, level: community", "worker, level: village"), 10, "层级 village"),
    (changed("worker, level: community", "worker, level: street"), 10, "往上没有人能担任"),
    (
        changed("{lead: lead, assist: assist}, join: all", "{role: x, organisation: bank}"),
        11,
        "组织类型或字段 bank",
    ),
    (
        changed(
            "{lead: lead, assist: assist}, join: all",
            "{role: department_liaison, organisation: property_company}",
        ),
        11,
        "不能在 property_company 中担任",
    ),
    (changed("kinds: [department]", "kinds: [bank]"), 14, "组织类型 bank"),
    (changed("by: reporter", "guard: is_sunny"), 17, "条件 is_sunny"),
    (changed("by: reporter", "effect: ring_bell"), 17, "效果 ring_bell"),
    (changed("by: reporter", "evidence: {selfie: 1}"), 17, "材料 selfie"),
    (changed("by: reporter", "by: {role: queen, level: district}"), 17, "角色 queen"),
    (changed("{after: 7 days, move", "{unless: it_rains, after: 7 days, move"), 12, "it_rains"),
    (changed("join: all", "join: all, spawn: wishes"), 11, "开法 wishes"),
    # special ways
    (
        changed(DUE, f"{DUE}, objection: {{ruling: queen at district, upheld: first}}"),
        11,
        "角色 queen",
    ),
    (
        changed(DUE, f"{DUE}, objection: {{ruling: district_clerk at district, upheld: no_way}}"),
        11,
        "异议成立后的环节 no_way 没有",
    ),
    (
        changed(DUE, f"{DUE}, objection: {{ruling: district_clerk at district, upheld: second}}"),
        11,
        "仍在原环节",
    ),
    (
        changed(
            "name: 小流程", "name: 小流程\nreopen: {by: district_clerk at district, to: [nope]}"
        ),
        1,
        "reopen 没有环节 nope",
    ),
    (
        changed(
            "name: 小流程", "name: 小流程\nreopen: {by: district_clerk at district, to: second}"
        ),
        12,
        "不一定填过 lead",
    ),
    (
        changed(
            "name: 小流程",
            "name: 小流程\ncancel: {by: district_clerk at district, outcome: solved}",
        ),
        1,
        "类别不是 cancelled",
    ),
    # scenarios
    (changed("[派单, 答复, 解决了]", "[派单, 解决了]"), 22, "走不到“解决了”"),
    (changed("[派单, 答复, 解决了]", "[派单, 答覆]"), 22, "没有步骤“答覆”"),
    (changed(", ends: solved", ", ends: unrated"), 22, "实际停在 solved"),
    (changed(", ends: solved", ", ends: heaven"), 22, "没有环节或结果 heaven"),
    (changed("name: 走完, walk", "name: 走完, from: hell, walk"), 22, "没有环节 hell"),
    (changed("name: 走完, walk", "name: 走完, given: {luck: true}, walk"), 22, "条件 luck"),
    (changed(", ends: solved}", ", refuse: [after 3 days]}"), 22, "不能等在 refuse 里"),
    (
        changed("[派单, 答复, 解决了]", "[{move: 派单, data: {colour: red}}]"),
        22,
        "没有字段 colour",
    ),
    (
        changed("walk: [派单, 答复, 解决了], ends: solved", "refuse: [派单]"),
        22,
        "本应被拒绝，却走得通",
    ),
]


@pytest.mark.parametrize(("text", "line", "words"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_work_is_refused(text: str, line: int, words: str) -> None:
    found = problems_of(text)
    told = [str(problem) for problem in found]
    assert any(problem.line == line and words in problem.message for problem in found), told
    assert all(problem.mend for problem in found), told


def test_what_works_is_let_pass() -> None:
    assert problems_of(SMALL) == []
    assert problems_of(SIX) == []


def test_a_ring_of_clocks_with_another_way_out_is_no_fault() -> None:
    text = RING.replace("moves:\n", "moves:\n  - {from: third, to: done, name: 停, by: reporter}\n")
    assert problems_of(text) == []


def test_a_misspelt_name_gets_the_near_one_as_its_mend() -> None:
    text = changed("{role: community_worker,", "{role: comunity_worker,")
    assert problems_of(text)[0].mend == "是不是 community_worker"


def test_problems_come_in_the_order_of_the_file() -> None:
    text = SMALL.replace(", due: 5 workdays", "").replace("kinds: [department]", "kinds: [bank]")
    lines = [problem.line for problem in problems_of(text)]
    assert lines == sorted(lines)
    assert isinstance(problems_of(text)[0], Problem)
