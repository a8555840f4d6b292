"""From the text of a procedure file to a definition, every fault with its file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import yaml

from gongzhi.procedures.definition.library import Library, base_library, resolve
from gongzhi.procedures.definition.model import (
    MOVE_KINDS,
    OUTCOME_KINDS,
    Definition,
    Move,
    MovedBy,
    MoveKind,
    Outcome,
    Owner,
    Stage,
)
from gongzhi.procedures.definition.nodes import Node, read_tree
from gongzhi.procedures.definition.problems import DefinitionInvalid, Problem
from gongzhi.procedures.definition.shapes import KEY, PROCEDURE_KEY
from gongzhi.procedures.definition.telling import Telling

_TOP = frozenset(
    {
        *("procedure", "name", "subject", "public", "basis", "start", "fields", "defaults"),
        *("stages", "moves", "outcomes", "scenarios", "reopen", "cancel"),
        *("supervise", "ask", "recuse"),
    }
)
_STAGE_OPTIONS = ("remind", "lights", "escalate", "pause")
_STAGE = frozenset(
    {
        *("name", "public_name", "internal", "owner", "lead", "assist", "due", "basis", "clock"),
        *("join", "spawn", "objection", *_STAGE_OPTIONS),
    }
)
_MOVE = frozenset(
    {
        *("id", "name", "public_name", "from", "to", "kind", "form", "guard", "effect"),
        *("evidence", "rules", "by", "internal"),
    }
)
SHOWN = ("stage", "due", "outcome", "owner", "timeline")


def parse(text: str, file: str = "", *, library: Library | None = None) -> Definition:
    """Read one procedure file. Raises `DefinitionInvalid` with every fault of its shape."""
    definition, problems = read(text, file=file, library=library)
    if definition is None or problems:
        raise DefinitionInvalid(problems)
    return definition


def read(
    text: str, *, file: str, library: Library | None = None
) -> tuple[Definition | None, list[Problem]]:
    """Read as far as possible: what could be understood, and every fault found on the way."""
    tree, problems = read_tree(text, file)
    if tree is None:
        return None, problems
    known = base_library() if library is None else library
    merged = resolve(tree, known, problems)
    reader = _Reader(known)
    definition = reader.definition(merged)
    found = sorted(set(problems + reader.problems))
    return definition, found


def digest_of(plain: object) -> str:
    """The same content has the same digest, whatever its comments and layout."""
    words = json.dumps(plain, ensure_ascii=False, sort_keys=False, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


class _Reader(Telling):
    """Reads the large parts: stages, moves, outcomes and what holds for all of them."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.shared = library.fields
        self.stages: dict[str, Stage] = {}
        self.outcomes: dict[str, Outcome] = {}

    def definition(self, tree: Node) -> Definition | None:
        entries = self.entries(tree, "流程文件")
        self.known(tree, entries, _TOP)
        self.declare(self.shared)
        declared = self.entries(entries["fields"], "fields") if "fields" in entries else {}
        self.declare(declared)
        key = self.text(entries.get("procedure"), "流程编号")
        name = self.text(entries.get("name"), "流程名称", longest=60)
        self._head(tree, entries, key, name)
        self._outcomes(tree, entries.get("outcomes"))
        self._stages(tree, entries.get("stages"), entries.get("defaults"))
        moves = self._moves(tree, entries.get("moves"))
        if not self.stages:
            return None
        public_name, shows = self._public(entries.get("public"), name)
        plain = self._self_contained(entries, moves, declared)
        kept = plain.get("fields") or {}
        return Definition(
            key=key,
            name=name,
            subject=self.text(entries.get("subject"), "subject"),
            public_name=public_name,
            public=shows,
            start=self.text(entries.get("start"), "start") or next(iter(self.stages)),
            stages=self.stages,
            moves=moves,
            outcomes=self.outcomes,
            fields={name: self.fields[name] for name in kept if name in self.fields},
            scenarios=self.scenarios(entries.get("scenarios")),
            reopen=self.reopen(entries.get("reopen")),
            cancel=self.cancel(entries.get("cancel")),
            supervise=self.supervise(entries.get("supervise")),
            ask=self.ask(entries.get("ask")),
            recuse=self.recuse(entries.get("recuse")),
            basis=self.text(entries.get("basis"), "依据"),
            digest=digest_of(plain),
            source=yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100),
            file=tree.file,
        )

    def _head(self, tree: Node, entries: Mapping[str, Node], key: str, name: str) -> None:
        if not PROCEDURE_KEY.fullmatch(key):
            mend = "加上 procedure: 小写字母、数字、连字符"
            self.wrong(entries.get("procedure", tree), "流程没有编号，或编号写法不对", mend)
        if not name:
            self.wrong(tree, "流程没有名称", "加上 name:")
        if "subject" not in entries:
            self.wrong(tree, "流程没有写办理对象", "加上 subject:")

    def _public(self, node: Node | None, name: str) -> tuple[str, tuple[str, ...]]:
        if node is None or node.is_null:
            return name, ()
        if node.mapping is None:
            return self.text(node, "public") or name, ()
        self.known(node, node.mapping, {"name", "shows"})
        shows = self.names(node.mapping.get("shows"), "shows")
        for word in shows:
            if word not in SHOWN:
                self.wrong(node.mapping["shows"], f"不能公开 {word}", f"可用：{'、'.join(SHOWN)}")
        return self.text(node.mapping.get("name"), "公开名称") or name, shows

    def _outcomes(self, tree: Node, node: Node | None) -> None:
        if node is None or not self.entries(node, "outcomes"):
            self.wrong(node or tree, "流程没有结果", "加上 outcomes:")
            return
        for key, child in self.entries(node, "outcomes").items():
            entries = self.entries(child, f"结果 {key}")
            self.known(child, entries, {"name", "kind", "public_name"})
            word = self.text(entries.get("kind"), "结果类别")
            kind = next((kind for kind in OUTCOME_KINDS if kind == word), None)
            if not KEY.fullmatch(key) or kind is None:
                mend = f"kind 可用：{'、'.join(OUTCOME_KINDS)}"
                self.wrong(child, f"结果 {key} 的编号或类别不对", mend)
                continue
            name = self._named(child, entries, f"结果 {key}")
            public = self.text(entries.get("public_name"), "公开名称") or name
            self.outcomes[key] = Outcome(
                key=key, name=name, kind=kind, public_name=public, file=child.file, line=child.line
            )

    def _named(self, node: Node, entries: Mapping[str, Node], what: str) -> str:
        name = self.text(entries.get("name"), "名称", longest=60)
        if not name:
            self.wrong(node, f"{what}没有名称", "加上 name:")
        return name

    def _stages(self, tree: Node, node: Node | None, defaults: Node | None) -> None:
        if node is None or not self.entries(node, "stages"):
            self.wrong(node or tree, "流程没有环节", "加上 stages:")
            return
        common = self.entries(defaults, "defaults") if defaults is not None else {}
        if defaults is not None:
            self.known(defaults, common, _STAGE_OPTIONS)
        for key, child in self.entries(node, "stages").items():
            if not KEY.fullmatch(key):
                self.wrong(child, f"环节编号 {key} 写法不对", "用小写字母、数字和下划线")
            elif key in self.outcomes:
                self.wrong(child, f"{key} 又是环节又是结果", "换一个编号")
            else:
                self.stages[key] = self._stage(key, child, common)

    def _stage(self, key: str, node: Node, common: Mapping[str, Node]) -> Stage:
        own = self.entries(node, f"环节 {key}")
        self.known(node, own, _STAGE)
        entries = {**common, **own} if "due" in own else own
        name = self._named(node, own, f"环节 {key}")
        return Stage(
            key=key,
            name=name,
            public_name=self.text(entries.get("public_name"), "公开名称") or name,
            internal=self.flag(entries.get("internal"), "internal"),
            owner=self._stage_owner(node, entries),
            due=self.due(self._with_basis(entries)),
            clock=self.clock(entries.get("clock")),
            join=self.join(entries.get("join")),
            spawn=self.spawn(entries.get("spawn")),
            reminders=self.reminders(entries.get("remind")),
            lights=self.lights(entries.get("lights")),
            escalation=self.escalation(entries.get("escalate")),
            pause=self.pause(entries.get("pause")),
            objection=self.objection(entries.get("objection")),
            file=node.file,
            line=node.line,
        )

    def _stage_owner(self, node: Node, entries: Mapping[str, Node]) -> Owner | None:
        """`lead:` and `assist:` may stand beside `owner:` as well as inside it."""
        beside = {word: entries[word] for word in ("lead", "assist") if word in entries}
        owner = entries.get("owner")
        if not beside:
            return self.owner(owner)
        inside = owner.mapping if owner is not None and owner.mapping is not None else {}
        return self.owner(Node({**inside, **beside}, node.file, node.line))

    def _with_basis(self, entries: Mapping[str, Node]) -> Node | None:
        due, basis = entries.get("due"), entries.get("basis")
        if due is None or basis is None or due.mapping is not None:
            return due
        return Node({"within": due, "basis": basis}, due.file, due.line)

    def _moves(self, tree: Node, node: Node | None) -> tuple[Move, ...]:
        moves: list[Move] = []
        for item in self.items(node) if node is not None else []:
            moves.extend(self._move(item))
        for stage in self.stages.values():
            implied = self._clock_move(stage, moves)
            if implied is not None:
                moves.append(implied)
        if not moves:
            self.wrong(node or tree, "流程没有一步可走", "加上 moves:")
        return tuple(moves)

    def _move(self, node: Node) -> list[Move]:
        entries = self.entries(node, "步骤")
        self.known(node, entries, _MOVE)
        sources = self.names(entries.get("from"), "from")
        target = self.text(entries.get("to"), "to")
        name = self._named(node, entries, "步骤")
        if not sources or not target:
            self.wrong(node, f"步骤“{name}”要写 from 和 to", "写成 {from: 环节, to: 环节或结果}")
            return []
        key = self.text(entries.get("id"), "id") or f"to_{target}"
        if not KEY.fullmatch(key):
            mend = "用小写字母、数字和下划线"
            self.wrong(entries.get("id", node), f"步骤编号 {key} 写法不对", mend)
        form = self.form(entries.get("form"))
        moved_by, by = self._by(entries.get("by"))
        rules = self.rules(entries.get("rules"), form)
        return [
            Move(
                key=key,
                name=name,
                public_name=self.text(entries.get("public_name"), "公开名称") or name,
                source=source,
                target=target,
                kind=self._kind(entries.get("kind"), source, target, moved_by),
                form=form,
                guard=self.names(entries.get("guard"), "guard"),
                effect=self.names(entries.get("effect"), "effect"),
                evidence=self._evidence(entries.get("evidence")),
                rules=rules,
                moved_by=moved_by,
                by=by,
                internal=self.flag(entries.get("internal"), "internal"),
                file=node.file,
                line=node.line,
            )
            for source in sources
        ]

    def _by(self, node: Node | None) -> tuple[MovedBy, Owner | None]:
        if node is None or node.is_null or node.text == "owner":
            return "owner", None
        if node.text == "reporter":
            return "reporter", None
        owner = self.owner(node, "经办人")
        return ("role", owner) if owner else ("owner", None)

    def _kind(self, node: Node | None, source: str, target: str, moved_by: MovedBy) -> MoveKind:
        word = self.text(node, "kind")
        if node is not None and word:
            for kind in MOVE_KINDS:
                if kind == word:
                    return kind
            self.wrong(node, f"不认识的 kind {word}", f"可用：{'、'.join(MOVE_KINDS)}")
        if moved_by == "reporter":
            return "verdict"
        if target in self.outcomes:
            return "close"
        order = list(self.stages)
        if source in order and target in order and order.index(target) < order.index(source):
            return "back"
        return "forward"

    def _evidence(self, node: Node | None) -> Mapping[str, int]:
        if node is None or node.is_null:
            return {}
        counts: dict[str, int] = {}
        for key, child in self.entries(node, "evidence").items():
            count = self.number(child, f"材料 {key} 的份数", most=100_000)
            if count is not None:
                counts[key] = count
        return counts

    def _clock_move(self, stage: Stage, moves: list[Move]) -> Move | None:
        """`to_x` need not be written among the moves: the clock's own move is implied."""
        clock = stage.clock
        leaving = [move for move in moves if move.source == stage.key]
        if clock is None or any(clock.move in (move.key, move.name) for move in leaving):
            return None
        target = clock.move.removeprefix("to_")
        place = self.stages.get(target) or self.outcomes.get(target)
        if place is None or target == clock.move:
            return None
        name = f"到期自动转入{place.name}"
        return Move(
            key=clock.move,
            name=name,
            public_name=name,
            source=stage.key,
            target=target,
            kind="clock",
            moved_by="clock",
            file=stage.file,
            line=stage.line,
        )

    def _self_contained(
        self, entries: Mapping[str, Node], moves: tuple[Move, ...], declared: Mapping[str, Node]
    ) -> dict[str, Any]:
        """The merged file with the shared fields that it uses written into it."""
        used = {field.key for move in moves for field in move.form} | self._named_by_owners()
        used |= {column.key for field in self.fields.values() for column in field.columns}
        fields = {key: node for key, node in self.shared.items() if key in used} | dict(declared)
        plain: dict[str, Any] = {key: node.plain() for key, node in entries.items()}
        if fields:
            plain["fields"] = {key: node.plain() for key, node in fields.items()}
        return plain

    def _named_by_owners(self) -> set[str]:
        owners = [stage.owner for stage in self.stages.values() if stage.owner]
        return {
            name
            for owner in owners
            for name in (
                owner.organisation_from,
                owner.assist_from,
                owner.fan_out_from,
                owner.person_from,
            )
            if name
        }
