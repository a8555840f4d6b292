"""Readers of scenarios: the told examples that a procedure must be able to play."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gongzhi.procedures.definition.forms import Forms
from gongzhi.procedures.definition.model import Scenario, Step
from gongzhi.procedures.definition.nodes import Node

_KEYS = frozenset({"name", "from", "walk", "refuse", "ends", "after", "given"})
_WAIT = re.compile(r"(?:after|等)\s*(?=\d)")


class Telling(Forms):
    """Adds the reading of scenarios."""

    def scenarios(self, node: Node | None) -> tuple[Scenario, ...]:
        """The list under `scenarios:`."""
        if node is None or node.is_null:
            return ()
        return tuple(self._scenario(item) for item in self.items(node))

    def _scenario(self, node: Node) -> Scenario:
        entries = self.entries(node, "示例")
        self.known(node, entries, _KEYS)
        told = self.items(entries["walk"]) if "walk" in entries else []
        walk = [self._step(item) for item in told]
        if "after" in entries:
            walk.append(Step(wait=self.span(entries["after"], "等待时间")))
        refuse = self.items(entries["refuse"]) if "refuse" in entries else []
        scenario = Scenario(
            name=self.text(entries.get("name"), "示例名称"),
            start=self.text(entries.get("from"), "起始环节") or None,
            walk=tuple(walk),
            refuse=tuple(self._step(item) for item in refuse),
            ends=self.text(entries.get("ends"), "终点") or None,
            given=self._given(entries.get("given")),
            file=node.file,
            line=node.line,
        )
        if not scenario.name:
            self.wrong(node, "示例没有名称", "加上 name:")
        if not scenario.refuse and not scenario.ends:
            self.wrong(node, "示例什么也没有检验", "加上 ends: 或 refuse:")
        return scenario

    def _step(self, node: Node) -> Step:
        if node.mapping is None:
            words = self.text(node, "步骤")
            wait = _WAIT.match(words)
            if wait is None:
                return Step(move=words)
            rest = Node(words[wait.end() :], node.file, node.line, words[wait.end() :])
            return Step(wait=self.span(rest, "等待时间"))
        entries = node.mapping
        self.known(node, entries, {"move", "data", "after"})
        if "after" in entries:
            return Step(wait=self.span(entries["after"], "等待时间"))
        move = self.text(entries.get("move"), "步骤")
        if not move:
            self.wrong(node, "步骤要写 move 或 after", "写成 {move: 名称, data: {字段: 值}}")
        return Step(move=move, data=self._data(entries.get("data")))

    def _data(self, node: Node | None) -> Mapping[str, Any]:
        if node is None or node.is_null:
            return {}
        plain = {key: child.plain() for key, child in self.entries(node, "data").items()}
        return dict(plain)

    def _given(self, node: Node | None) -> Mapping[str, bool]:
        if node is None or node.is_null:
            return {}
        return {key: self.flag(child, key) for key, child in self.entries(node, "given").items()}
