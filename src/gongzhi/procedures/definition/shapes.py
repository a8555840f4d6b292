"""Readers of the small shapes inside a procedure file: times, owners, clocks, pauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from gongzhi.procedures.definition.model import (
    ByCategory,
    Cancel,
    Clock,
    Due,
    Escalation,
    Field,
    Join,
    Lights,
    Objection,
    Owner,
    Pause,
    Reopen,
    Span,
    Spawn,
    Unit,
)
from gongzhi.procedures.definition.nodes import Node
from gongzhi.procedures.definition.problems import Problem

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
PROCEDURE_KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_SPAN = re.compile(
    r"(?P<amount>\d{1,4})\s*个?\s*(?P<unit>[a-z]+|工作日|天|日|小时|分钟)"
    r"(?:\s*(?:before|after|前|后))?"
)
_UNITS: dict[str, Unit] = {
    "workday": "workdays",
    "workdays": "workdays",
    "工作日": "workdays",
    "day": "days",
    "days": "days",
    "天": "days",
    "日": "days",
    "hour": "hours",
    "hours": "hours",
    "小时": "hours",
    "minute": "minutes",
    "minutes": "minutes",
    "分钟": "minutes",
}
_SPAN_MEND = "写成 5 workdays、7 days、24 hours 或 30 minutes"
_OWNER_KEYS = frozenset(
    {"role", "level", "organisation", "person", "pool", "lead", "assist", "fan_out"}
)
_OWNER_MEND = (
    "写成 {role: …, level: …}、{role: …, organisation: …}、{lead: …, assist: …}、"
    "{person: …}、{pool: 角色 at 层级} 或 {fan_out: …}"
)


def span_of(words: str) -> Span | None:
    """Return the length of time that words say; None when they say none."""
    match = _SPAN.fullmatch(words)
    unit = _UNITS.get(match["unit"]) if match else None
    return Span(int(match["amount"]), unit) if match and unit else None


class Shapes:
    """Reads values and collects what is wrong; a faulty value reads as None, the rest goes on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.fields: dict[str, Field] = {}

    def wrong(self, node: Node, message: str, mend: str = "") -> None:
        """Note a fault at this node."""
        self.problems.append(Problem(node.file, node.line, message, mend))

    def known(self, node: Node, entries: Mapping[str, Node], keys: Iterable[str]) -> None:
        """Refuse entries that nobody reads: a misspelt key must not be silently without effect."""
        allowed = sorted(keys)
        for key, child in entries.items():
            if key not in allowed:
                near = get_close_matches(key, allowed, 1)
                mend = f"是不是 {near[0]}" if near else f"可用：{'、'.join(allowed)}"
                self.problems.append(Problem(node.file, child.line, f"不认识的键 {key}", mend))

    def entries(self, node: Node, what: str) -> dict[str, Node]:
        """The node as a mapping; a fault and nothing when it is something else."""
        if node.mapping is None:
            self.wrong(node, f"{what}应当是“键: 值”", "写成 {键: 值}")
            return {}
        return node.mapping

    def items(self, node: Node) -> list[Node]:
        """The node as a list; one value counts as a list of one."""
        if node.is_null:
            return []
        return node.items if node.items is not None else [node]

    def text(self, node: Node | None, what: str, *, longest: int = 500) -> str:
        """The node as words; '' with a fault when there are none or too many."""
        if node is None or node.is_null:
            return ""
        words = node.text
        if words is None:
            self.wrong(node, f"{what}应当是文字", "写成一行文字")
            return ""
        if len(words) > longest or "\x00" in words:
            self.wrong(node, f"{what}太长或含有不能用的字符", f"最多 {longest} 个字")
            return ""
        return words

    def names(self, node: Node | None, what: str) -> tuple[str, ...]:
        """One name or a list of names."""
        if node is None:
            return ()
        names = [self.text(item, what) for item in self.items(node)]
        return tuple(name for name in names if name)

    def flag(self, node: Node | None, what: str) -> bool:
        """true or false; false when absent."""
        if node is None or node.is_null:
            return False
        if not isinstance(node.value, bool):
            self.wrong(node, f"{what}应当是 true 或 false")
            return False
        return node.value

    def number(self, node: Node, what: str, *, least: int = 1, most: int = 1_000_000) -> int | None:
        """A whole number within bounds."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(node, f"{what}应当是 {least} 到 {most} 的整数")
            return None
        return value

    def span(self, node: Node | None, what: str) -> Span | None:
        """`5 workdays`, `7 days`, `24 hours`, `30 minutes` (a trailing before/after is allowed)."""
        if node is None or node.is_null:
            return None
        found = span_of(node.text or "")
        if found is None:
            self.wrong(node, f"{what}不是时间长度", _SPAN_MEND)
        return found

    def due(self, node: Node | None) -> Due | None:
        """`5 workdays`, or `{within: 5 workdays, by: date field, basis: 条文}`, `by_category`."""
        if node is None or node.is_null:
            return None
        by: str = ""
        by_category: ByCategory = ""
        if node.mapping is None:
            span, basis = self.span(node, "办理期限"), ""
        else:
            self.known(node, node.mapping, {"within", "by", "by_category", "basis"})
            span = self.span(node.mapping.get("within"), "办理期限")
            basis = self.text(node.mapping.get("basis"), "依据")
            by = self.text(node.mapping.get("by"), "期限字段")
            by_category = self._by_category(node.mapping.get("by_category"))
            if by and by_category:
                self.wrong(node, "by 和 by_category 只能写一个", "去掉一个")
            if "within" not in node.mapping:
                self.wrong(node, "办理期限没有写时间", "加上 within: 5 workdays")
        if span is None:
            return None
        if span.amount == 0:
            self.wrong(node, "办理期限不能是 0", _SPAN_MEND)
            return None
        return Due(span.amount, span.unit, basis, by, by_category)

    def _by_category(self, node: Node | None) -> ByCategory:
        """`true`, or `shorter` for a category's time only where it ends before the stage's own."""
        if node is not None and node.text == "shorter":
            return "shorter"
        return "always" if self.flag(node, "by_category（true 或 shorter）") else ""

    def spawn(self, node: Node | None) -> Spawn | None:
        """An opener's name, or `{opener: each_row, of: rows field, procedure: key}`."""
        if node is None or node.is_null:
            return None
        if node.mapping is None:
            opener = self.text(node, "spawn")
            return Spawn(opener) if opener else None
        entries = node.mapping
        self.known(node, entries, {"opener", "of", "procedure"})
        opener = self.text(entries.get("opener"), "子事项的开法")
        of = self.text(entries.get("of"), "子事项的字段")
        procedure = self.text(entries.get("procedure"), "子事项的流程")
        if not opener or not of or not procedure:
            mend = "写成 {opener: each_row 或 each_organisation, of: 字段, procedure: 流程编号}"
            self.wrong(node, "spawn 要写 opener、of 和 procedure", mend)
            return None
        return Spawn(opener, of, procedure)

    def owner(self, node: Node | None, what: str = "承办人") -> Owner | None:
        """Any of the owner forms; `role at level` for short."""
        if node is None or node.is_null:
            return None
        if node.mapping is None:
            role, level = self._role_at_level(node, what)
            return Owner(role=role, level=level) if role else None
        entries = node.mapping
        self.known(node, entries, _OWNER_KEYS)
        shapes = [k for k in ("organisation", "lead", "person", "fan_out", "pool") if k in entries]
        if len(shapes) > 1 and not (shapes == ["pool"] or self._pool_flag(entries)):
            self.wrong(node, f"{what}有几种写法混在一起（{'、'.join(shapes)}）", _OWNER_MEND)
            return None
        return self._owner_of(node, entries, what)

    def _pool_flag(self, entries: Mapping[str, Node]) -> bool:
        return "pool" in entries and isinstance(entries["pool"].value, bool)

    def _role_at_level(self, node: Node, what: str) -> tuple[str | None, str | None]:
        role, at, level = (node.text or "").partition(" at ")
        if not at or not role.strip() or not level.strip():
            self.wrong(node, f"{what}写法不对", _OWNER_MEND)
            return None, None
        return role.strip(), level.strip()

    def _owner_of(self, node: Node, entries: Mapping[str, Node], what: str) -> Owner | None:
        role = self.text(entries.get("role"), "角色") or None
        level = self.text(entries.get("level"), "层级") or None
        assist = self.text(entries.get("assist"), "协办") or None
        pool = False
        if "pool" in entries:
            if self._pool_flag(entries):
                pool = self.flag(entries["pool"], "pool")
            else:
                role, level = self._role_at_level(entries["pool"], what)
                pool = True
        organisation = self.text(entries.get("organisation"), "组织")
        lead = self.text(entries.get("lead"), "主办")
        if organisation and organisation in self.fields:
            lead = organisation
        owner = Owner(
            role=role,
            level=level,
            organisation_kind=organisation if organisation and not lead else None,
            organisation_from=lead or None,
            person_from=self.text(entries.get("person"), "人员") or None,
            pool=pool,
            assist_from=assist,
            fan_out_from=self.text(entries.get("fan_out"), "分办") or None,
        )
        return self._sound_owner(node, owner, what)

    def _sound_owner(self, node: Node, owner: Owner, what: str) -> Owner | None:
        """An owner must say enough to find somebody."""
        named = owner.organisation_kind or owner.organisation_from or owner.fan_out_from
        if owner.person_from or named or (owner.role and owner.level):
            if owner.assist_from and not owner.organisation_from:
                self.wrong(node, f"{what}有协办没有主办", "加上 lead: 字段名")
            return owner
        self.wrong(node, f"{what}找不到人：要有角色和层级，或组织，或人员", _OWNER_MEND)
        return None

    def clock(self, node: Node | None) -> Clock | None:
        """`{after: 7 days, move: to_follow_up, unless: open_objections}`; `to:` for a stage."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "clock")
        self.known(node, entries, {"after", "move", "to", "unless"})
        after = self.span(entries.get("after"), "clock 的 after")
        move = self.text(entries.get("move"), "clock 的 move")
        target = self.text(entries.get("to"), "clock 的 to")
        unless = self.text(entries.get("unless"), "clock 的 unless") or None
        if "after" not in entries or not (move or target):
            self.wrong(node, "clock 要写 after 和 move", "写成 {after: 7 days, move: to_下一环节}")
            return None
        if after is None:
            return None
        if after.amount == 0:
            self.wrong(node, "clock 的 after 不能是 0", _SPAN_MEND)
            return None
        return Clock(after, move or f"to_{target}", unless)

    def join(self, node: Node | None) -> Join | None:
        """`all`, `any` or a number of parts."""
        if node is None or node.is_null:
            return None
        if node.value == "all":
            return Join("all")
        if node.value == "any":
            return Join("any", 1)
        count = self.number(node, "join 的数目（或 all、any）", most=1000)
        return Join("count", count) if count else None

    def reminders(self, node: Node | None) -> tuple[Span, ...]:
        """`1 workday before`, or several of them."""
        if node is None:
            return ()
        spans = [self.span(item, "提醒时间") for item in self.items(node)]
        return tuple(span for span in spans if span)

    def lights(self, node: Node | None) -> Lights | None:
        """`{yellow: 1 workday before, red: 0 hours after}`."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "lights")
        self.known(node, entries, {"yellow", "red"})
        return Lights(
            self.span(entries.get("yellow"), "黄灯"), self.span(entries.get("red"), "红灯")
        )

    def escalation(self, node: Node | None) -> Escalation | None:
        """`{after: 1 workday, to: {role, level}}`."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "escalate")
        self.known(node, entries, {"after", "to"})
        after = self.span(entries.get("after"), "升级时间")
        to = self.owner(entries.get("to"), "升级对象")
        if after is None or to is None:
            self.wrong(node, "escalate 要写 after 和 to", "写成 {after: 1 workday, to: {…}}")
            return None
        return Escalation(after, to)

    def pause(self, node: Node | None) -> Pause | None:
        """`{approver: {role, level}, max: 2, longest: 10 workdays}`."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "pause")
        self.known(node, entries, {"approver", "max", "longest"})
        approver = self.owner(entries.get("approver"), "暂停审批人")
        most = self.number(entries["max"], "暂停次数", most=20) if "max" in entries else 1
        if approver is None:
            self.wrong(node, "暂停没有审批人", "加上 approver: {role: …, level: …}")
            return None
        return Pause(approver, most or 1, self.span(entries.get("longest"), "最长暂停时间"))

    def objection(self, node: Node | None) -> Objection | None:
        """`{ruling: {role, level}, upheld: stage, due: 1 workday}`."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "objection")
        self.known(node, entries, {"ruling", "upheld", "due"})
        ruling = self.owner(entries.get("ruling"), "异议裁定人")
        upheld = self.text(entries.get("upheld"), "异议成立后的环节")
        if "ruling" not in entries or ruling is None:
            self.wrong(node, "派单异议没有裁定人", "加上 ruling: {role: …, level: …}")
            return None
        if not upheld:
            self.wrong(node, "派单异议成立后去哪一环节没有写", "加上 upheld: 环节")
            return None
        return Objection(ruling, upheld, self.due(entries.get("due")))

    def reopen(self, node: Node | None) -> Reopen | None:
        """`{by: {role, level}, to: [stage], within: 30 days}`."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "reopen")
        self.known(node, entries, {"by", "to", "within"})
        by = self.owner(entries.get("by"), "重办决定人")
        to = self.names(entries.get("to"), "重办环节")
        if by is None or not to:
            self.wrong(node, "reopen 要写 by 和 to", "写成 {by: {…}, to: [环节]}")
            return None
        return Reopen(by, to, self.span(entries.get("within"), "重办时限"))

    def cancel(self, node: Node | None) -> Cancel | None:
        """`{by: {role, level}, outcome: cancelled}`."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "cancel")
        self.known(node, entries, {"by", "outcome"})
        by = self.owner(entries.get("by"), "撤销决定人")
        outcome = self.text(entries.get("outcome"), "撤销结果")
        if by is None or not outcome:
            self.wrong(node, "cancel 要写 by 和 outcome", "写成 {by: {…}, outcome: cancelled}")
            return None
        return Cancel(by, outcome)
