"""Refuses sub-cases that could never be opened, or whose join could never be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongzhi.procedures.definition.graph import surely_answered
from gongzhi.procedures.definition.model import (
    EACH_ORGANISATION,
    EACH_ROW,
    Definition,
    Field,
    Move,
    Spawn,
    Stage,
)
from gongzhi.procedures.definition.problems import Problem

MOST_PARTS = 50
"""As many organisations, or rows, one answer may name."""


_OPENED_BY = {EACH_ROW: ("rows", "多行"), EACH_ORGANISATION: ("organisations", "多个组织的")}
"""The type of field that each of the engine's own openers goes by, and what people call it."""


def first_move(definition: Definition, asked: frozenset[str]) -> Move | None:
    """The move out of the start whose form takes exactly these answers, in the file's order."""
    for move in definition.moves_from(definition.start):
        form = {field.key for field in move.form}
        required = {field.key for field in move.form if field.required}
        if required and required <= asked <= form and move.target in definition.stages:
            return move
    return None


def summoning_move(definition: Definition, asked: frozenset[str]) -> tuple[Move, str]:
    """The move out of the start that names an organisation and needs these answers beside it.

    With it the field that takes the organisation. Raises LookupError when there is none.
    """
    for move in definition.moves_from(definition.start):
        named = [field.key for field in move.form if field.type == "organisation"]
        needed = {field.key for field in move.form if field.required}
        if named and needed - {named[0]} <= asked and move.target in definition.stages:
            return move, named[0]
    raise LookupError(definition.key)


def within(definition: Definition) -> Iterator[Problem]:
    """What can be seen in one file: the rows are surely there, and enough of them for the join."""
    fields = {field.key: field for move in definition.moves for field in move.form}
    for stage in definition.stages.values():
        yield from _join(stage, stage.owner.fan_out_from if stage.owner else None, fields)
        if stage.spawn is not None:
            yield from _spawning(definition, stage, stage.spawn)
    for stage in definition.stages.values():
        upheld = definition.stages.get(stage.objection.upheld) if stage.objection else None
        if upheld is not None and upheld.spawn is not None:
            message = f"异议成立后的环节“{upheld.name}”会再开一遍子事项"
            yield _at(stage, message, "upheld 写派单的环节")


def _spawning(definition: Definition, stage: Stage, spawn: Spawn) -> Iterator[Problem]:
    fields = {field.key: field for move in definition.moves for field in move.form}
    if stage.key == definition.start:
        yield _at(stage, f"起始环节“{stage.name}”还没有可以开子事项的内容", "放到后面的环节")
    if stage.clock is not None and stage.join is not None:
        message = f"环节“{stage.name}”要等子事项，时钟却会先走"
        yield _at(stage, message, "去掉 clock 或 join")
    wanted = _OPENED_BY.get(spawn.opener)
    if wanted is None:
        return
    kind, called = wanted
    each = fields.get(spawn.of)
    if not spawn.of or not spawn.procedure:
        mend = f"写成 {{opener: {spawn.opener}, of: 字段, procedure: 流程编号}}"
        yield _at(stage, f"环节“{stage.name}”没有写按哪个字段开哪种子事项", mend)
    elif each is None or each.type != kind:
        mend = f"在它之前的表单里问这个字段，type: {kind}"
        yield _at(stage, f"环节“{stage.name}”没有{called}字段 {spawn.of} 可以开子事项", mend)
    elif stage.key != definition.start and spawn.of not in surely_answered(definition)[stage.key]:
        message = f"到环节“{stage.name}”时不一定填过 {spawn.of}，开不出子事项"
        yield _at(stage, message, f"在通向它的步骤表单里写 {spawn.of}!")
    else:
        yield from _join(stage, spawn.of, fields)


def _join(stage: Stage, key: str | None, fields: Mapping[str, Field]) -> Iterator[Problem]:
    """A join that waits for more than can ever be named is never reached."""
    field = fields.get(key or "")
    if field is None or stage.join is None or stage.join.mode != "count":
        return
    most = field.maximum if field.type == "rows" and field.maximum else MOST_PARTS
    if stage.join.count > most:
        message = f"环节“{stage.name}”要等 {stage.join.count} 件，{field.key} 最多 {most} 件"
        yield _at(stage, message, f"join 最多写 {most}")


def between(definitions: Mapping[str, Definition]) -> Iterator[Problem]:
    """What only shows beside the other files: the sub-case's procedure and what it is told."""
    for definition in definitions.values():
        for stage in definition.stages.values():
            if stage.spawn is not None and stage.spawn.procedure:
                yield from _opened(definitions, definition, stage, stage.spawn)


def _opened(
    definitions: Mapping[str, Definition], definition: Definition, stage: Stage, spawn: Spawn
) -> Iterator[Problem]:
    child = definitions.get(spawn.procedure)
    if child is None:
        message = f"环节“{stage.name}”的子事项没有流程 {spawn.procedure}，或它有错"
        yield _at(stage, message, "procedure 写已有流程的编号")
        return
    if child.cancel is None:
        message = f"子事项流程 {child.key} 不能撤销，“{stage.name}”结束时它会留下来"
        yield _at(stage, message, "在它的文件里写 cancel:")
    if definition.key in _descendants(definitions, child.key):
        message = f"{definition.key} 的子事项又会开出 {definition.key}，没有尽头"
        yield _at(stage, message, "换一种子事项")
    if spawn.opener == EACH_ORGANISATION:
        yield from _summoned(definition, stage, spawn, child)
    fields = {f.key: f for m in definition.moves for f in m.form}
    columns = fields[spawn.of].columns if spawn.of in fields else ()
    firsts = child.moves_from(child.start)
    asked = {field.key: field.type for move in firsts for field in move.form}
    for column in columns:
        if asked.get(column.key) != column.type:
            message = f"子事项流程 {child.key} 的第一步不问 {column.key}（{column.type}）"
            yield _at(stage, message, "在它的第一步表单里写上，类型一致")


def _summoned(
    definition: Definition, stage: Stage, spawn: Spawn, child: Definition
) -> Iterator[Problem]:
    """Whoever is summoned can be told all that the first move of the sub-case needs."""
    for move in definition.moves:
        asked = {field.key for field in move.form if field.required}
        if spawn.of not in asked:
            continue
        try:
            summoning_move(child, frozenset(asked))
        except LookupError:
            message = f"“{move.name}”填的内容不够子事项流程 {child.key} 开头的一步用"
            mend = "它的第一步要有一个 organisation 字段，其余必填项都在这一步问"
            yield _at(stage, message, mend)


def _descendants(definitions: Mapping[str, Definition], key: str) -> set[str]:
    """Procedures that sub-cases of this one may come to run, itself included."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        here = waiting.pop()
        if here in found or here not in definitions:
            continue
        found.add(here)
        stages = definitions[here].stages.values()
        waiting += [stage.spawn.procedure for stage in stages if stage.spawn]
    return found


def _at(stage: Stage, message: str, mend: str) -> Problem:
    return Problem(stage.file, stage.line, message, mend)
