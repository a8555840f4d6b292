"""Places the stages of a procedure in layers and lanes, the usual way on one straight line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongzhi.procedures.definition.graph import way_to
from gongzhi.procedures.definition.model import Definition

END = "end"


@dataclass(frozen=True, slots=True)
class Layout:
    """Layer (left to right) and lane (0 is the straight line, 1, 2 … below it) of each place."""

    layers: Mapping[str, int]
    lanes: Mapping[str, int]
    main: tuple[str, ...]
    back: frozenset[tuple[str, str]]


def lay_out(definition: Definition, hidden: Iterable[str] = ()) -> Layout:
    """Lay out every stage that is not hidden, and one end for all outcomes."""
    left_out = set(hidden)
    ways = _ways(definition, left_out)
    main = tuple(place for place in usual_way(definition) if place not in left_out)
    places = [*(key for key in definition.stages if key not in left_out), END]
    order = [*main, *(place for place in places if place not in main)]
    following = {place: [t for t in order if (place, t) in ways] for place in order}
    back = _back_ways(order, following)
    layers = _layers(order, ways - back)
    return Layout(layers, _lanes(order, layers, set(main)), main, frozenset(back))


def usual_way(definition: Definition) -> tuple[str, ...]:
    """The stages of the longest scenario that goes straight to a good end; else a shortest way."""
    walks = [_told(definition, index) for index in range(len(definition.scenarios))]
    straight = [walk for walk in walks if len(set(walk)) == len(walk)]
    if straight and max(map(len, straight)) > 1:
        return max(straight, key=len)
    solved = [outcome.key for outcome in definition.outcomes.values() if outcome.kind == "solved"]
    for outcome in (*solved, *definition.outcomes):
        way = way_to(definition, outcome)
        if way:
            return (*(move.source for move in way if move.source in definition.stages), END)
    return (definition.start,) if definition.start in definition.stages else ()


def _told(definition: Definition, index: int) -> tuple[str, ...]:
    """The places one scenario goes through when it is told from the start to a good end."""
    scenario = definition.scenarios[index]
    outcome = definition.outcomes.get(scenario.ends or "")
    if definition.start not in definition.stages or scenario.start:
        return ()
    if outcome is None or outcome.kind != "solved":
        return ()
    here, walk = definition.start, [definition.start]
    for step in scenario.walk:
        stage = definition.stages.get(here)
        clock = stage.clock.move if stage and stage.clock else ""
        move = definition.move(here, step.move if step.wait is None else clock)
        if move is None or not definition.has_place(move.target):
            return ()
        here = move.target
        walk.append(END if definition.is_outcome(here) else here)
    return tuple(walk) if walk[-1] == END else ()


def _ways(definition: Definition, hidden: set[str]) -> set[tuple[str, str]]:
    ways = set()
    for move in definition.moves:
        target = END if definition.is_outcome(move.target) else move.target
        known = move.source in definition.stages and (target == END or target in definition.stages)
        if known and not {move.source, target} & hidden and move.source != target:
            ways.add((move.source, target))
    return ways


def _back_ways(order: list[str], following: Mapping[str, list[str]]) -> set[tuple[str, str]]:
    """Ways to a place that is still on the way there: without them nothing goes in a ring."""
    back: set[tuple[str, str]] = set()
    state: dict[str, int] = {}
    for root in order:
        stack = [(root, iter(following[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            place, rest = stack[-1]
            target = next(rest, None)
            if target is None:
                state[place] = 2
                stack.pop()
            elif state.get(target) == 1:
                back.add((place, target))
            elif target not in state:
                state[target] = 1
                stack.append((target, iter(following[target])))
    return back


def _layers(order: list[str], ways: set[tuple[str, str]]) -> dict[str, int]:
    """The longest way to each place; the end stands behind everything."""
    layers = dict.fromkeys(order, 0)
    for _round in order:
        moved = False
        for source, target in ways:
            if layers[target] < layers[source] + 1:
                layers[target] = layers[source] + 1
                moved = True
        if not moved:
            break
    layers[END] = max(layers[place] + (place != END) for place in order)
    return layers


def _lanes(order: list[str], layers: Mapping[str, int], main: set[str]) -> dict[str, int]:
    taken: set[tuple[int, int]] = set()
    lanes: dict[str, int] = {}
    for place in order:
        lane = 0 if place in main or place == END else 1
        while (layers[place], lane) in taken:
            lane += 1
        taken.add((layers[place], lane))
        lanes[place] = lane
    return lanes
