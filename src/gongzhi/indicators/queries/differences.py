"""Counts everything again: cards from the log, tallies from the cards, and says what differs."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from gongzhi.facts.queries import place_of
from gongzhi.indicators import reckoning
from gongzhi.indicators.book import Book, Measure, book
from gongzhi.indicators.choices import (
    BY_CATEGORY,
    BY_ORGANISATION,
    CARD_FIELDS,
    DEEPEST,
    LEVELS,
    MOVES,
    READER,
    WHOLE,
)
from gongzhi.indicators.models import BookRead, Card, Tally
from gongzhi.indicators.queries.cards import cards_of
from gongzhi.indicators.reckoning import Counts, State
from gongzhi.kernel.sql import rows, statement

Reckon = Callable[[list[Any], dict[int, State], Book, Counts], None]
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class _Fact:
    """What is read of a fact to count it again."""

    id: int
    at: datetime
    kind: str
    area: str
    case: int | None
    actor_kind: str
    data: dict[str, Any]


def differences() -> list[str]:
    """Return one line for each card or tally that is otherwise than the log says; none is right.

    Everything is read from one snapshot, so that the reader may go on meanwhile.
    """
    with _one_snapshot():
        place = place_of(READER)
        if place is None:
            return []
        found = book()
        read = BookRead.objects.first()
        if read is not None and read.digest != found.digest:
            return ["indicators.yaml: 度量已改，请用 gongzhi verify --recount 重新统计"]
        counts: Counts = Counter()
        return [
            *_cards_otherwise(place, found, counts),
            *_facts_otherwise(found, counts),
            *itertools.chain.from_iterable(map(_tallies_otherwise, found.of_cards())),
        ]


def _one_snapshot() -> AbstractContextManager[Any]:
    if connection.in_atomic_block:
        return nullcontext()
    return _Snapshot()


class _Snapshot(AbstractContextManager[Any]):
    """A transaction that sees the database as it is at its beginning."""

    def __enter__(self) -> None:
        self.inner = transaction.atomic()
        self.inner.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def __exit__(self, *error: Any) -> None:
        self.inner.__exit__(*error)


def _read_facts(place: tuple[str, int], found: Book) -> Iterator[_Fact]:
    kinds = list(dict.fromkeys((*reckoning.KINDS, *found.of_facts())))
    params: dict[str, Any] = {"xid": place[0], "fact": place[1], "kinds": kinds}
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement("indicators", "facts_in_order"), params)
        while chunk := cursor.fetchmany(_AT_ONCE):
            for row in chunk:
                number, at, kind, area, case, actor_kind, data = row
                data = data if isinstance(data, dict) else orjson.loads(data)
                yield _Fact(number, at, kind, area, case, actor_kind, data)


def _cards_otherwise(place: tuple[str, int], found: Book, counts: Counts) -> Iterator[str]:
    seen = 0
    by_case = itertools.groupby(_read_facts(place, found), key=lambda fact: fact.case)
    while group := [list(facts) for _case, facts in itertools.islice(by_case, _AT_ONCE)]:
        cards: dict[int, State] = {}
        for facts in group:
            reckoning.reckon(facts, cards, found, counts)
        kept = cards_of(cards)
        seen += len(cards)
        for case, card in cards.items():
            if case not in kept:
                yield f"card {case}: —"
            elif kept[case] != card:
                yield f"card {case}: {_unlike(kept[case], card)}"
    if (stray := Card.objects.count() - seen) > 0:
        yield f"card: {stray} 张多余 / too many"


def _unlike(kept: State, told: State) -> str:
    names = [one.name for one in fields(State)]
    pairs = ((name, getattr(kept, name), getattr(told, name)) for name in names)
    return ", ".join(f"{name} {a} ≠ {b}" for name, a, b in pairs if a != b)


def _facts_otherwise(found: Book, counts: Counts) -> Iterator[str]:
    """Compare what facts themselves count for."""
    names = [m.id for ms in found.of_facts().values() for m in ms]
    kept = Tally.objects.filter(measure__in=[*names, MOVES]).exclude(n=0)
    listed = kept.values_list("cut", "area", "measure", "day", "key", "n")
    stored = {(c, a, m, d, k): n for c, a, m, d, k, n in listed.iterator()}
    for key in sorted(stored.keys() | counts.keys()):
        if stored.get(key, 0) != counts.get(key, 0):
            yield _line(key[2], key, stored.get(key, 0), counts.get(key, 0))


def _tallies_otherwise(measure: Measure) -> Iterator[str]:
    cuts = [
        (cut, level)
        for cut in (WHOLE, BY_CATEGORY, BY_ORGANISATION)
        for level in LEVELS
        if level <= DEEPEST[cut]
    ]
    where = dict(measure.where)
    params: dict[str, Any] = {
        "measure": measure.id,
        "day": measure.day,
        "sum": measure.sum,
        "cuts": [cut for cut, _level in cuts],
        "levels": [level for _cut, level in cuts],
        **{name: sorted(where[name]) if name in where else None for name in CARD_FIELDS},
    }
    for one in rows("indicators", "tally_differences", params):
        key = (one["cut"], one["area"], measure.id, one["day"], one["key"])
        if one["kept"] != one["counted"]:
            yield _line(measure.id, key, one["kept"], one["counted"])
        else:
            yield _line(
                f"{measure.id} ({measure.sum})", key, one["kept_amount"], one["counted_amount"]
            )


def _line(name: str, key: tuple[Any, ...], kept: int, counted: int) -> str:
    cut, area, _measure, day, part = key
    return f"tally {name} {area} {day} {cut}{':' + part if part else ''}: {kept} ≠ {counted}"
