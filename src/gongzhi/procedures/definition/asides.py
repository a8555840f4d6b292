"""Readers of what may be done with a case beside its moves: 督办, questions outside, 回避."""

from __future__ import annotations

from gongzhi.procedures.definition.around import Ask, Recuse
from gongzhi.procedures.definition.model import TRIGGERS, Supervise
from gongzhi.procedures.definition.nodes import Node
from gongzhi.procedures.definition.shapes import KEY, Shapes


class Asides(Shapes):
    """Adds them to the reading of shapes."""

    def supervise(self, node: Node | None) -> Supervise | None:
        """`{by: {role, level}, due: 2 workdays, on: {overdue: 1, unsolved: 2, repeated: 3}}`."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "supervise")
        self.known(node, entries, {"by", "due", "on"})
        by = self.owner(entries.get("by"), "督办人")
        on = self.entries(entries["on"], "督办的情形") if "on" in entries else {}
        self.known(node, on, TRIGGERS)
        counts = {key: self.number(child, "次数", most=100) for key, child in on.items()}
        if by is None or by.role is None:
            self.wrong(node, "supervise 要写由谁督办", "加上 by: {role: …, level: …}")
            return None
        return Supervise(by, {k: n for k, n in counts.items() if n}, self.due(entries.get("due")))

    def ask(self, node: Node | None) -> Ask | None:
        """`7 days`, or `{within: 7 days, longest: 30 days}` when a question may be kept open."""
        if node is None or node.is_null:
            return None
        if node.mapping is None:
            within = longest = self.span(node, "提问的期限")
        else:
            self.known(node, node.mapping, {"within", "longest"})
            within = self.span(node.mapping.get("within"), "提问的期限")
            longest = self.span(node.mapping.get("longest"), "提问最长的期限") or within
        if within is None or longest is None or within.amount == 0:
            self.wrong(node, "ask 要写多久以内回答", "写成 ask: 7 days")
            return None
        return Ask(within, longest)

    def recuse(self, node: Node | None) -> Recuse | None:
        """`{by: {role, level}, reasons: {key: label}}`."""
        if node is None or node.is_null:
            return None
        entries = self.entries(node, "recuse")
        self.known(node, entries, {"by", "reasons"})
        by = self.owner(entries.get("by"), "责令回避的人")
        told = self.entries(entries["reasons"], "回避的情形") if "reasons" in entries else {}
        reasons = {key: self.text(child, "回避的情形", longest=60) for key, child in told.items()}
        for key in [key for key in reasons if not KEY.fullmatch(key)]:
            self.wrong(told[key], f"情形编号 {key} 写法不对", "用小写字母、数字和下划线")
        if by is None or by.role is None or by.level is None or not reasons:
            mend = "写成 {by: {role: …, level: …}, reasons: {编号: 情形}}"
            self.wrong(node, "recuse 要写由谁责令、有哪些情形", mend)
            return None
        return Recuse(by, reasons)
