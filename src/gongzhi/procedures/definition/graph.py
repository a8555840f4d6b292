"""The procedure as a graph: where a case can come from and where it can still go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gongzhi.procedures.definition.model import Definition, Move


@dataclass(frozen=True, slots=True)
class Edge:
    """A way a case can take; `asked` are the form fields that are surely answered on it."""

    source: str
    target: str
    asked: frozenset[str] = frozenset()


def edges(definition: Definition) -> Iterator[Edge]:
    """Every way between known stages and outcomes: moves, and objections that are upheld."""
    places = set(definition.stages) | set(definition.outcomes)
    for move in definition.moves:
        if move.source in definition.stages and move.target in places:
            asked = frozenset(field.key for field in move.form if field.required)
            yield Edge(move.source, move.target, asked)
    for stage in definition.stages.values():
        if stage.objection is not None and stage.objection.upheld in definition.stages:
            yield Edge(stage.key, stage.objection.upheld)


def reachable(definition: Definition) -> set[str]:
    """Stages and outcomes that a case can get to from the start, closing and reopening included."""
    starts = {definition.start}
    if definition.cancel is not None:
        starts.add(definition.cancel.outcome)
    found = _closure(starts, _after(edges(definition)))
    if definition.reopen is not None and found & set(definition.outcomes):
        found = _closure(found | set(definition.reopen.to), _after(edges(definition)))
    return found


def ending(definition: Definition) -> set[str]:
    """Stages from which some outcome can be reached by moves."""
    backwards = (Edge(edge.target, edge.source) for edge in edges(definition))
    return _closure(set(definition.outcomes), _after(backwards))


def surely_answered(definition: Definition) -> dict[str, frozenset[str]]:
    """For each stage, the fields that have an answer whichever way the case came there."""
    every = frozenset(field.key for move in definition.moves for field in move.form)
    known = dict.fromkeys(definition.stages, every)
    ways = [edge for edge in edges(definition) if edge.target in known]
    entered = {definition.start, *(definition.reopen.to if definition.reopen else ())}
    for stage in entered & set(known):
        known[stage] = frozenset()
    changed = True
    while changed:
        changed = False
        for edge in ways:
            least = known[edge.target] & (known[edge.source] | edge.asked)
            if least != known[edge.target]:
                known[edge.target] = least
                changed = True
    return known


def clock_rings(definition: Definition) -> list[tuple[str, ...]]:
    """Rings of stages that only the clock moves a case around, with no other way out."""
    step: dict[str, str] = {}
    for stage in definition.stages.values():
        move = definition.move(stage.key, stage.clock.move) if stage.clock else None
        if move is not None and move.target in definition.stages:
            step[stage.key] = move.target
    rings: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for first in step:
        ring = _ring_through(first, step)
        if ring and not seen & set(ring) and not _has_exit(definition, set(ring)):
            rings.append(ring)
        seen |= set(ring)
    return rings


def _ring_through(first: str, step: Mapping[str, str]) -> tuple[str, ...]:
    way = [first]
    while way[-1] in step and len(way) <= len(step):
        following = step[way[-1]]
        if following == first:
            return tuple(way)
        way.append(following)
    return ()


def _has_exit(definition: Definition, ring: set[str]) -> bool:
    return any(move.source in ring and move.target not in ring for move in definition.moves)


def moves_into(definition: Definition, place: str) -> tuple[Move, ...]:
    """Every move that leads to this stage or outcome."""
    return tuple(move for move in definition.moves if move.target == place)


def way_to(
    definition: Definition, place: str, *, start: str | None = None
) -> tuple[Move, ...] | None:
    """A shortest way of moves from the start (or this stage) to a place; None if there is none."""
    first = start or definition.start
    ways: dict[str, tuple[Move, ...]] = {first: ()}
    queue = [first]
    for stage in queue:
        if stage == place:
            return ways[stage]
        for move in definition.moves_from(stage):
            if move.target not in ways:
                ways[move.target] = (*ways[stage], move)
                queue.append(move.target)
    return None


def _after(ways: Iterable[Edge]) -> dict[str, set[str]]:
    following: dict[str, set[str]] = {}
    for edge in ways:
        following.setdefault(edge.source, set()).add(edge.target)
    return following


def _closure(starts: set[str], following: Mapping[str, set[str]]) -> set[str]:
    found = set(starts)
    queue = list(starts)
    while queue:
        for place in following.get(queue.pop(), set()) - found:
            found.add(place)
            queue.append(place)
    return found
