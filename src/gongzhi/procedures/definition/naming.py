"""Refuses names that nothing stands behind: roles, levels, kinds, guards, effects, evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from gongzhi.procedures.definition.model import Definition, Move, Owner, Stage
from gongzhi.procedures.definition.problems import Problem
from gongzhi.procedures.definition.vocabulary import Vocabulary


def unknown_names(definition: Definition, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Every name outside the vocabulary, where it is used."""
    names = _Names(vocabulary)
    if definition.subject:
        yield from names.known("办理对象", definition.subject, vocabulary.subjects, definition)
    for stage in definition.stages.values():
        yield from names.of_stage(stage)
    for move in definition.moves:
        yield from names.of_move(move)
    if definition.reopen is not None:
        yield from names.of_owner(definition.reopen.by, definition)
    if definition.cancel is not None:
        yield from names.of_owner(definition.cancel.by, definition)
    if definition.supervise is not None:
        yield from names.of_owner(definition.supervise.by, definition)
    if definition.recuse is not None:
        yield from names.of_owner(definition.recuse.by, definition)
    guards = set(vocabulary.guards)
    for scenario in definition.scenarios:
        for key in scenario.given:
            yield from names.known("条件", key, guards, scenario)


class _Names:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def known(
        self, what: str, name: str, names: Collection[str], place: object
    ) -> Iterator[Problem]:
        if name in names:
            return
        near = get_close_matches(name, list(names), 1)
        mend = f"是不是 {near[0]}" if near else f"可用：{'、'.join(sorted(names)) or '（无）'}"
        file, line = getattr(place, "file", ""), getattr(place, "line", 1)
        yield Problem(file, line, f"不认识的{what} {name}", mend)

    def of_stage(self, stage: Stage) -> Iterator[Problem]:
        pause, objection = stage.pause, stage.objection
        owners = (
            stage.owner,
            stage.escalate_to,
            pause.approver if pause else None,
            objection.ruling if objection else None,
        )
        for owner in owners:
            if owner is not None:
                yield from self.of_owner(owner, stage)
        if stage.spawn is not None:
            yield from self.known(
                "子事项的开法", stage.spawn.opener, self.vocabulary.openers, stage
            )
        if stage.clock is not None and stage.clock.unless:
            yield from self.known("条件", stage.clock.unless, self.vocabulary.guards, stage)

    def of_move(self, move: Move) -> Iterator[Problem]:
        for guard in move.guard:
            yield from self.known("条件", guard, self.vocabulary.guards, move)
        for effect in move.effect:
            yield from self.known("效果", effect, self.vocabulary.effects, move)
        for kind in move.evidence:
            yield from self.known("材料", kind, self.vocabulary.evidence, move)
        for field in (*move.form, *(column for f in move.form for column in f.columns)):
            for kind in field.kinds:
                yield from self.known("组织类型", kind, self.vocabulary.organisation_kinds, move)
        if move.by is not None:
            yield from self.of_owner(move.by, move)

    def of_owner(self, owner: Owner, place: object) -> Iterator[Problem]:
        kinds = self.vocabulary.organisation_kinds
        if owner.level is not None:
            yield from self.known("层级", owner.level, self.vocabulary.levels, place)
        if owner.organisation_kind is not None:
            yield from self.known("组织类型或字段", owner.organisation_kind, kinds, place)
        if owner.role is not None:
            yield from self.known("角色", owner.role, self.vocabulary.roles, place)
            yield from self._nobody(owner, place)

    def _nobody(self, owner: Owner, place: object) -> Iterator[Problem]:
        """A role that exists, but that nobody can hold where it is looked for."""
        role = self.vocabulary.roles.get(owner.role or "")
        file, line = getattr(place, "file", ""), getattr(place, "line", 1)
        if role is None:
            return
        inside = owner.organisation_kind
        if inside in self.vocabulary.organisation_kinds and inside not in role.organisation_kinds:
            message = f"角色 {owner.role} 不能在 {inside} 中担任"
            yield Problem(file, line, message, "换角色，或在 roles.yaml 加上这类组织")
        known = owner.level in self.vocabulary.levels
        if known and not inside and not role.found_from(owner.level or ""):
            message = f"从层级 {owner.level} 往上没有人能担任 {owner.role}"
            levels = "、".join(sorted(role.levels)) or "组织内"
            yield Problem(file, line, message, f"这个角色设在：{levels}")
