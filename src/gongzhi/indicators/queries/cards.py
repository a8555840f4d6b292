"""The reader's own cards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields

from gongzhi.indicators.models import Card
from gongzhi.indicators.reckoning import State

COLUMNS = tuple(one.name for one in fields(State))


def cards_of(cases: Collection[int]) -> dict[int, State]:
    """Return the cards of these cases, in one statement."""
    found = Card.objects.filter(case__in=list(cases)).values_list(*COLUMNS)
    return {row[0]: State(*row) for row in found}
