"""Small procedures and a vocabulary that the tests of this package share."""

from gongzhi.procedures.definition import Problem, RoleNames, Vocabulary, check_text

VOCABULARY = Vocabulary(
    roles={
        "grid_worker": RoleNames(frozenset({"grid"})),
        "community_worker": RoleNames(frozenset({"community"})),
        "community_secretary": RoleNames(frozenset({"community"})),
        "street_officer": RoleNames(frozenset({"street"})),
        "district_clerk": RoleNames(frozenset({"district"})),
        "department_liaison": RoleNames(organisation_kinds=frozenset({"department"})),
    },
    organisation_kinds=frozenset({"department", "property_company"}),
    guards=frozenset({"can_be_deliberated", "open_objections"}),
    effects=frozenset({"tell_reporter", "record_verdict"}),
    evidence={
        "minutes": "会议记录",
        "vote": "表决",
        "survey_answers": "答卷",
        "resident_rating": "评价",
    },
    openers=frozenset({"tasks_of_resolution", "each_row"}),
    subjects={"deliberation.topic": "议题", "matters.matter": "诉求"},
)

# The example of the architecture, word for word: its short forms are promised.
SIX = """\
procedure: six-step-deliberation
name: 六步议事法
subject: deliberation.topic
public: {name: 议事协商, shows: [stage, due, outcome]}
stages:
  collect:   {name: 收集议题, owner: {role: community_worker, level: community}, due: 5 workdays}
  confirm:   {name: 确定议题, owner: {role: community_secretary, level: community}, due: 3 workdays}
  survey:    {name: 议前调研, owner: {role: community_worker, level: community}, due: 10 workdays}
  consult:   {name: 协商议事, owner: {role: community_secretary, level: community}, due: 10 workdays}
  publicise: {name: 公开公示, clock: {after: 7 days, move: to_follow_up, unless: open_objections}}
  follow_up: {name: 跟踪落实, owner: {role: community_secretary, level: community}, spawn: tasks_of_resolution, join: all}
moves:
  - {from: collect, to: confirm, name: 提交审定, form: [summary!, stakeholders]}
  - {from: confirm, to: survey, name: 列入议题, guard: can_be_deliberated}
  - {from: confirm, to: declined, name: 不列入, form: [reason!]}
  - {from: survey, to: consult, name: 完成调研, evidence: {survey_answers: 10}}
  - {from: consult, to: publicise, name: 形成决议, evidence: {minutes: 1, vote: 1}}
  - {from: follow_up, to: done, name: 办结, evidence: {resident_rating: 1}}
outcomes: {done: {name: 已落实, kind: solved}, declined: {name: 未列入, kind: declined}}
scenarios:
  - {name: the straight way, walk: [提交审定, 列入议题, 完成调研, 形成决议, to_follow_up, 办结], ends: done}
  - {name: no step can be skipped, from: collect, refuse: [完成调研, 形成决议]}
"""  # noqa: E501

# Line numbers below are counted in this text.
SMALL = """\
procedure: small
name: 小流程
subject: matters.matter
fields:
  lead: {label: 主办, type: organisation, kinds: [department]}
  assist: {label: 协办, type: organisations}
  present: {label: 到会, type: integer}
  entitled: {label: 应到, type: integer}
stages:
  first: {name: 受理, owner: {role: community_worker, level: community}, due: 5 workdays}
  second: {name: 部门, owner: {lead: lead, assist: assist}, join: all, due: 3 days}
  third: {name: 回访, owner: {pool: community_worker at community}, clock: {after: 7 days, move: to_unrated}}
moves:
  - {from: first, to: second, name: 派单, form: [lead!, assist]}
  - {id: again, from: third, to: second, name: 重办, form: [lead!]}
  - {from: second, to: third, name: 答复, form: [answer!]}
  - {id: verdict, from: third, to: solved, name: 解决了, by: reporter}
outcomes:
  solved: {name: 已解决, kind: solved}
  unrated: {name: 未评价, kind: explained}
scenarios:
  - {name: 走完, walk: [派单, 答复, 解决了], ends: solved}
"""  # noqa: E501


def problems_of(text: str, vocabulary: Vocabulary = VOCABULARY) -> list[Problem]:
    """What is wrong with this text."""
    return check_text(text, file="x.yaml", vocabulary=vocabulary)[1]


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The small procedure with one passage changed."""
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)
