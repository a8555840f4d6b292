"""Draws a procedure and where a case stands in it: what the page needs, without any markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext as _

from gongzhi.procedures.definition.graph import way_to
from gongzhi.procedures.definition.layout import END, Layout, lay_out, usual_way
from gongzhi.procedures.definition.model import Definition, Move

State = Literal["done", "now", "todo", "skipped"]
STEP_X, STEP_Y, MARGIN_X, MARGIN_Y, RADIUS = 92, 76, 48, 30, 7
_LINE = 6
_ASIDE = ("declined", "excluded", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """One stage (or the end), its name in short lines, its place in pixels, its state."""

    key: str
    name: str
    lines: tuple[str, ...]
    x: int
    y: int
    state: State
    main: bool

    @property
    def text_y(self) -> int:
        """Where the first line of the name stands."""
        return self.y + RADIUS + 18


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEdge:
    """A way between two places: an SVG path, the names of its moves, and what it is."""

    source: str
    target: str
    names: str
    path: str
    back: bool
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawn procedure. `steps` is the short row for the case page: the way gone, then to go."""

    name: str
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    steps: tuple[DrawnNode, ...]
    width: int
    height: int
    radius: int = RADIUS
    step_edges: tuple[DrawnEdge, ...] = field(default=())
    step_width: int = 0
    step_height: int = 0
    caption: str = ""

    @property
    def listed(self) -> tuple[DrawnNode, ...]:
        """The same places as a list: line by line from the left."""
        return tuple(sorted(self.nodes, key=lambda node: (node.x, node.y)))

    @property
    def straight(self) -> bool:
        """Whether everything stands on one line."""
        return len({node.y for node in self.nodes}) <= 1


def drawing(
    definition: Definition,
    current: str | None = None,
    visited: Sequence[str] = (),
    *,
    public: bool = False,
) -> Drawing:
    """Draw the procedure with the case at `current` (a stage, an outcome, or None for no case).

    `visited` are the stages the case has been in, in order. With `public`, internal stages are
    left out and public names are used.
    """
    hidden = [key for key, stage in definition.stages.items() if public and stage.internal]
    painter = _Painter(definition, lay_out(definition, hidden), current, visited, public)
    nodes = tuple(painter.node(key, index) for index, key in enumerate(painter.layout.layers))
    steps = painter.steps()
    lanes = max((lane for lane in painter.layout.lanes.values()), default=0)
    layers = max(painter.layout.layers.values(), default=0)
    return Drawing(
        name=definition.public_name if public else definition.name,
        nodes=nodes,
        edges=painter.edges(nodes),
        steps=steps,
        width=2 * MARGIN_X + layers * STEP_X,
        height=MARGIN_Y + painter.headroom + lanes * STEP_Y + 64,
        step_edges=_row_edges(steps),
        step_width=2 * MARGIN_X + (len(steps) - 1) * STEP_X,
        step_height=MARGIN_Y + 44,
        caption=painter.name(painter.now) if painter.now else "",
    )


class _Painter:
    """Knows the case while its picture is painted."""

    def __init__(
        self,
        definition: Definition,
        layout: Layout,
        current: str | None,
        visited: Sequence[str],
        public: bool,
    ) -> None:
        self.definition = definition
        self.layout = layout
        self.public = public
        self.outcome = definition.outcomes.get(current or "")
        self.now = END if self.outcome else current if current in definition.stages else None
        # Every case began at the start, even one that the system passed on at once.
        begun = [] if self.now is None or definition.start in visited else [definition.start]
        self.visited = [key for key in (*begun, *visited) if key in definition.stages]
        far = list(layout.back) + _long_ways(definition, layout)
        self.headroom = 34 if far else 0

    def name(self, key: str) -> str:
        if key == END:
            if self.outcome is None:
                return _("办结")
            return self.outcome.public_name if self.public else self.outcome.name
        stage = self.definition.stages.get(key)
        if stage is None:
            return key
        return stage.public_name if self.public else stage.name

    def state(self, key: str) -> State:
        if key == self.now:
            return "done" if key == END else "now"
        if key in self.visited:
            return "done"
        if self.now is None:
            return "todo"
        behind = self.layout.layers.get(key, 0) < self.layout.layers.get(self.now, 0)
        return "skipped" if behind or self.now == END else "todo"

    def node(self, key: str, index: int, *, row: bool = False) -> DrawnNode:
        layer = index if row else self.layout.layers[key]
        lane = 0 if row else self.layout.lanes[key]
        name = self.name(key)
        return DrawnNode(
            key=key,
            name=name,
            lines=_lines(name),
            x=MARGIN_X + layer * STEP_X,
            y=MARGIN_Y + (0 if row else self.headroom + lane * STEP_Y) - (12 if row else 0),
            state=self.state(key),
            main=key in self.layout.main or key == END,
        )

    def edges(self, nodes: Sequence[DrawnNode]) -> tuple[DrawnEdge, ...]:
        by_key = {node.key: node for node in nodes}
        names: dict[tuple[str, str], list[str]] = {}
        for move in _drawn(self.definition):
            target = END if self.definition.is_outcome(move.target) else move.target
            if {move.source, target} <= set(by_key) and move.source != target:
                label = move.public_name if self.public else move.name
                names.setdefault((move.source, target), []).append(label)
        gone = set(pairwise([*self.visited, *([END] if self.now == END else [])]))
        return tuple(
            DrawnEdge(
                source=source,
                target=target,
                names="、".join(dict.fromkeys(labels)),
                path=_path(by_key[source], by_key[target]),
                back=(source, target) in self.layout.back,
                done=(source, target) in gone,
            )
            for (source, target), labels in names.items()
        )

    def steps(self) -> tuple[DrawnNode, ...]:
        """The stages gone through, each once, and from here the shortest way to a good end."""
        gone = list(dict.fromkeys(self.visited))
        if self.now is None:
            row = list(usual_way(self.definition))
        elif self.now == END:
            row = [*gone, END]
        else:
            gone = [key for key in gone if key != self.now]
            row = [*gone, self.now, *(key for key in self._ahead() if key not in gone)]
        shown = [key for key in dict.fromkeys(row) if key in self.layout.layers]
        return tuple(self.node(key, index, row=True) for index, key in enumerate(shown))

    def _ahead(self) -> list[str]:
        """Where the case usually goes from here."""
        usual = usual_way(self.definition)
        if self.now in usual:
            return list(usual[usual.index(self.now) + 1 :])
        ahead = _shortest(self.definition, self.now or "")
        return ahead or [END]


def _shortest(definition: Definition, stage: str) -> list[str]:
    solved = [outcome.key for outcome in definition.outcomes.values() if outcome.kind == "solved"]
    for outcome in (*solved, *definition.outcomes):
        way = way_to(definition, outcome, start=stage)
        if way:
            return [*(move.source for move in way[1:]), END]
    return []


def _drawn(definition: Definition) -> list[Move]:
    """The moves worth a line: refusing and taking out are told in the list of moves, not drawn."""
    aside = {key for key, end in definition.outcomes.items() if end.kind in _ASIDE}
    return [move for move in definition.moves if move.target not in aside]


def _long_ways(definition: Definition, layout: Layout) -> list[tuple[str, str]]:
    """Ways along the straight line that pass over another stage and need room above."""
    found = []
    for move in _drawn(definition):
        target = END if definition.is_outcome(move.target) else move.target
        if move.source in layout.layers and target in layout.layers:
            level = layout.lanes[move.source] == layout.lanes[target] == 0
            if level and abs(layout.layers[target] - layout.layers[move.source]) > 1:
                found.append((move.source, target))
    return found


def _row_edges(steps: Sequence[DrawnNode]) -> tuple[DrawnEdge, ...]:
    return tuple(
        DrawnEdge(
            source=one.key,
            target=two.key,
            names="",
            path=_path(one, two),
            back=False,
            done=one.state == "done" and two.state in ("done", "now"),
        )
        for one, two in pairwise(steps)
    )


def _path(one: DrawnNode, two: DrawnNode) -> str:
    """A line to the neighbour, an arc over what lies between, a curve to another lane."""
    right = two.x > one.x
    gap = RADIUS + 3
    if one.y == two.y and right and two.x - one.x == STEP_X:
        return f"M{one.x + gap} {one.y}H{two.x - gap}"
    if one.y == two.y:
        rise = min(28, 12 + abs(two.x - one.x) // 24)
        peak = one.y - gap - rise
        return f"M{one.x} {one.y - gap}C{one.x} {peak} {two.x} {peak} {two.x} {two.y - gap}"
    if one.x == two.x:
        way = gap if two.y > one.y else -gap
        return f"M{one.x} {one.y + way}V{two.y - way}"
    side = gap if right else -gap
    middle = (one.x + two.x) // 2
    return f"M{one.x + side} {one.y}C{middle} {one.y} {middle} {two.y} {two.x - side} {two.y}"


def _lines(name: str) -> tuple[str, ...]:
    """The name in at most two lines of six signs; the whole name is in the title."""
    if len(name) <= _LINE:
        return (name,)
    first, rest = name[:_LINE], name[_LINE:]
    return (first, rest if len(rest) <= _LINE else f"{rest[: _LINE - 1]}…")
