"""Every write to cards and tallies: made from facts, in the reader's own transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.db import connection

from gongzhi.facts.actions import start_again
from gongzhi.facts.queries import FactRow
from gongzhi.indicators import queries, reckoning
from gongzhi.indicators.book import book
from gongzhi.indicators.choices import READER
from gongzhi.indicators.models import BookRead, Card, Month
from gongzhi.indicators.reckoning import Counts, State
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.sql import statement

_COLUMNS = tuple(one.name for one in fields(State))


@action
def count_facts(*, actor: Actor, facts: Sequence[FactRow]) -> None:
    """Let a batch of facts change cards and tallies; the caller keeps its place beside it."""
    found = book()
    cases = {fact.case for fact in facts if fact.case is not None}
    cards = queries.cards_of(cases)
    known = set(cards)
    before = {case: reckoning.copy_of(card) for case, card in cards.items()}
    counts: Counts = Counter()
    amounts: Counts = Counter()
    reckoning.reckon(facts, cards, found, counts)
    measures = found.of_cards()
    for case in known:
        reckoning.card_counts(before[case], measures, counts, amounts, -1)
    for card in cards.values():
        reckoning.card_counts(card, measures, counts, amounts, 1)
    _keep_cards(list(cards.values()))
    _keep_tallies(counts, amounts)
    if not BookRead.objects.exists():
        BookRead.objects.bulk_create([BookRead(id=1, digest=found.digest)])


def _keep_cards(cards: Sequence[State]) -> None:
    """Write cards in one statement."""
    if not cards:
        return
    params: dict[str, Any] = {
        name: [getattr(card, name) for card in cards] for name in _COLUMNS if name != "owners"
    }
    params["owners"] = ["\n".join(card.owners) for card in cards]
    with connection.cursor() as cursor:
        cursor.execute(statement("indicators", "keep_cards"), params)


def _keep_tallies(counts: Counts, amounts: Counts) -> None:
    keys = sorted(key for key in counts.keys() | amounts.keys() if counts[key] or amounts[key])
    if not keys:
        return
    cut, area, measure, day, key = map(list, zip(*keys, strict=True))
    params = {
        "cut": cut,
        "area": area,
        "measure": measure,
        "day": day,
        "key": key,
        "n": [counts[one] for one in keys],
        "amount": [amounts[one] for one in keys],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("indicators", "keep_tallies"), params)


@action
def recount(*, actor: Actor) -> None:
    """Forget every card and tally and send the reader back to the beginning of the log.

    To be used when the measures have changed. Until the reader has caught up figures are low.
    """
    start_again(actor=actor, name=READER)
    Month.objects.all().delete()
    Card.objects.all().delete()
    BookRead.objects.all().delete()
