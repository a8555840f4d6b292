"""Refuses a procedure that cannot work: the shape of its graph, its times, its owners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from gongzhi.procedures.definition.graph import (
    clock_rings,
    ending,
    moves_into,
    reachable,
    surely_answered,
)
from gongzhi.procedures.definition.model import Definition, Move, Owner, Span, Stage
from gongzhi.procedures.definition.naming import unknown_names
from gongzhi.procedures.definition.problems import Problem
from gongzhi.procedures.definition.scenarios import minutes, play_all
from gongzhi.procedures.definition.subcases import within
from gongzhi.procedures.definition.vocabulary import Vocabulary


def check(definition: Definition, vocabulary: Vocabulary) -> list[Problem]:
    """Everything that keeps this procedure from working, by file and line; empty when it works."""
    found = {
        *_ends(definition),
        *_ways(definition),
        *_duplicates(definition),
        *_times(definition),
        *_clocks(definition),
        *_owners(definition),
        *_parts(definition),
        *_answers(definition),
        *_special_ways(definition),
        *within(definition),
        *unknown_names(definition, vocabulary),
    }
    if not found:
        found.update(play_all(definition))
    return sorted(found)


def _at(place: Stage | Move, message: str, mend: str) -> Problem:
    return Problem(place.file, place.line, message, mend)


def _ends(definition: Definition) -> Iterator[Problem]:
    """Every move must lead from a stage to a stage or an outcome."""
    if definition.start not in definition.stages:
        message = f"没有起始环节 {definition.start}"
        yield Problem(definition.file, 1, message, "start 写已有的环节")
    places = set(definition.stages) | set(definition.outcomes)
    for move in definition.moves:
        if move.source not in definition.stages:
            message = f"步骤“{move.name}”的 from 没有环节 {move.source}"
            yield _at(move, message, "写上这个环节，或改正 from")
        if move.target not in places:
            message = f"步骤“{move.name}”的 to 没有环节或结果 {move.target}"
            yield _at(move, message, "写上它，或改正 to")
        if move.source == move.target:
            yield _at(move, f"步骤“{move.name}”停在原地", "改正 to")


def _ways(definition: Definition) -> Iterator[Problem]:
    """Every stage and outcome can be reached, and from every stage a case can come to an end."""
    found, closing = reachable(definition), ending(definition)
    for stage in definition.stages.values():
        if stage.key not in found:
            yield _at(stage, f"走不到环节“{stage.name}”", f"加一步 to: {stage.key}，或删去这个环节")
        if not definition.moves_from(stage.key):
            yield _at(stage, f"环节“{stage.name}”没有出路", f"加一步 from: {stage.key}")
        elif stage.key not in closing:
            yield _at(stage, f"从环节“{stage.name}”走不到任何结果", "加一步通向 outcomes 里的结果")
    for outcome in definition.outcomes.values():
        if outcome.key not in found:
            message = f"走不到结果“{outcome.name}”"
            mend = f"加一步 to: {outcome.key}，或删去这个结果"
            yield Problem(outcome.file, outcome.line, message, mend)


def _duplicates(definition: Definition) -> Iterator[Problem]:
    """Out of one stage, a key or a name must mean one move."""
    keys = Counter((move.source, move.key) for move in definition.moves)
    names = Counter((move.source, move.name) for move in definition.moves)
    for move in definition.moves:
        if keys[move.source, move.key] > 1:
            yield _at(move, f"从 {move.source} 出去有两步都叫 {move.key}", "给其中一步写上 id:")
        elif names[move.source, move.name] > 1:
            yield _at(move, f"从 {move.source} 出去有两步都叫“{move.name}”", "换一个名称")


def _times(definition: Definition) -> Iterator[Problem]:
    """Every stage has its time, and what hangs on a due time has one."""
    for stage in definition.stages.values():
        if stage.due is None and stage.clock is None and stage.spawn is None:
            mend = "加上 due: 5 workdays，或 clock"
            yield _at(stage, f"环节“{stage.name}”没有时限", mend)
        hanging = {
            "remind": bool(stage.reminders),
            "lights": stage.lights is not None,
            "escalate": stage.escalation is not None,
            "pause": stage.pause is not None,
        }
        if stage.due is None:
            for word in [word for word, there in hanging.items() if there]:
                mend = "加上 due:，或去掉它"
                yield _at(stage, f"环节“{stage.name}”没有 due，却有 {word}", mend)
            continue
        yellow = stage.lights.yellow if stage.lights else None
        for before in (*stage.reminders, *((yellow,) if yellow else ())):
            if not _shorter(before, stage.due.span):
                message = f"环节“{stage.name}”的提醒早于期限的起点"
                yield _at(stage, message, "提醒和黄灯要短于 due")


def _shorter(before: Span, due: Span) -> bool:
    return before.amount < due.amount if before.unit == due.unit else minutes(before) < minutes(due)


def _clocks(definition: Definition) -> Iterator[Problem]:
    """A clock's move exists and asks nothing that only a person can give."""
    for stage in definition.stages.values():
        if stage.clock is None:
            continue
        move = definition.move(stage.key, stage.clock.move)
        if move is None:
            message = f"环节“{stage.name}”的 clock 没有步骤 {stage.clock.move}"
            yield _at(stage, message, "写成 move: to_环节，或已有步骤的 id")
        elif move.evidence or move.guard or any(field.required for field in move.form):
            message = f"到期自动走的“{move.name}”要填表、要材料或有条件，时钟做不到"
            yield _at(stage, message, "另写一步给时钟走")
    for ring in clock_rings(definition):
        names = "、".join(definition.stages[key].name for key in ring)
        yield _at(definition.stages[ring[0]], f"时钟绕着圈走，没有出路（{names}）", "加一步走出去")


def _owners(definition: Definition) -> Iterator[Problem]:
    """Somebody can act in every stage."""
    for stage in definition.stages.values():
        leaving = definition.moves_from(stage.key)
        if stage.owner is None and stage.clock is None:
            yield _at(stage, f"环节“{stage.name}”没有承办人，也没有 clock", "加上 owner:")
        elif stage.owner is None:
            for move in leaving:
                if move.moved_by == "owner" and not _by_clock(stage, move):
                    message = f"步骤“{move.name}”没有人能走：环节“{stage.name}”没有承办人"
                    yield _at(move, message, "加上 by:，或给环节写 owner")
        if stage.objection is not None and stage.owner is None:
            yield _at(stage, f"环节“{stage.name}”没有承办人，却可提异议", "去掉 objection")


def _by_clock(stage: Stage, move: Move) -> bool:
    return stage.clock is not None and stage.clock.move in (move.key, move.name)


def _parts(definition: Definition) -> Iterator[Problem]:
    """A join has parts to wait for; equal parts say how they are joined."""
    for stage in definition.stages.values():
        owner = stage.owner
        parted = owner is not None and bool(owner.assist_from or owner.fan_out_from)
        if stage.join is not None and not parted and stage.spawn is None:
            mend = "加上 assist、fan_out 或 spawn，或去掉 join"
            yield _at(stage, f"环节“{stage.name}”有 join，却没有几家分办", mend)
        if owner is not None and owner.fan_out_from and stage.join is None:
            yield _at(
                stage, f"环节“{stage.name}”几家分办，没有写 join", "加上 join: all、any 或数字"
            )


def _answers(definition: Definition) -> Iterator[Problem]:
    """An owner named in a form is surely named, whichever way the case comes."""
    known = surely_answered(definition)
    asked = {field.key: field.type for move in definition.moves for field in move.form}
    for stage in definition.stages.values():
        yield from _due_field(stage, asked)
        for key, wanted in _named_fields(stage.owner):
            if key not in definition.fields and key not in asked:
                message = f"环节“{stage.name}”的承办人用到没有的字段 {key}"
                yield _at(stage, message, "在 fields: 里写上它，或改正名称")
                continue
            kind = asked.get(key) or definition.fields[key].type
            if kind != wanted:
                mend = f"字段类型改成 {wanted}"
                yield _at(stage, f"承办人用到的字段 {key} 类型是 {kind}", mend)
            elif stage.owner is not None and key == stage.owner.assist_from:
                continue  # a lead may do without assistants
            elif key not in known[stage.key]:
                ways = "、".join(f"“{move.name}”" for move in moves_into(definition, stage.key))
                message = f"到环节“{stage.name}”时不一定填过 {key}，会找不到承办人"
                yield _at(stage, message, f"在通向它的步骤（{ways}）表单里写 {key}!")


def _due_field(stage: Stage, asked: Mapping[str, str]) -> Iterator[Problem]:
    """A due time named in a form is a day or a moment; the stage's span stands in for none."""
    by = stage.due.by if stage.due else ""
    if by and asked.get(by) not in ("date", "datetime"):
        message = f"环节“{stage.name}”的期限用到字段 {by}，没有这个日期字段"
        yield _at(stage, message, "在通向它的步骤表单里问这个字段，type: date 或 datetime")


def _named_fields(owner: Owner | None) -> Iterator[tuple[str, str]]:
    if owner is None:
        return
    wanted = {
        owner.organisation_from: "organisation",
        owner.assist_from: "organisations",
        owner.fan_out_from: "organisations",
        owner.person_from: "person",
    }
    yield from ((key, kind) for key, kind in wanted.items() if key)


def _special_ways(definition: Definition) -> Iterator[Problem]:
    """Objection, reopening and cancelling lead to places that exist."""
    for stage in definition.stages.values():
        upheld = stage.objection.upheld if stage.objection else stage.key
        if upheld not in definition.stages:
            yield _at(stage, f"异议成立后的环节 {upheld} 没有", "upheld 写已有的环节")
        elif stage.objection is not None and upheld == stage.key:
            yield _at(stage, f"环节“{stage.name}”异议成立后仍在原环节", "upheld 写派单的环节")
    for key in definition.reopen.to if definition.reopen else ():
        if key not in definition.stages:
            yield Problem(definition.file, 1, f"reopen 没有环节 {key}", "to 写已有的环节")
    if definition.cancel is not None:
        outcome = definition.outcomes.get(definition.cancel.outcome)
        if outcome is None or outcome.kind != "cancelled":
            message = f"cancel 的结果 {definition.cancel.outcome} 没有，或类别不是 cancelled"
            yield Problem(definition.file, 1, message, "在 outcomes 里写 kind: cancelled 的结果")
