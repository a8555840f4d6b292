"""The one guard against guessing: how often a secret was tried for a key, and until when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongzhi.kernel import clock, sql
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.people.models import TryGuard


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries are allowed in a window of so many seconds."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A key that is over its limit; `first` says that this try was the one that went over."""

    until: datetime
    first: bool


@action
def count_tries(*, actor: Actor, limits: Mapping[bytes, Limit]) -> list[Exceeded]:
    """Count a try against each key before the secret is looked at; return what is over its limit.

    Counting first means that tries sent together cannot slip past the limit. A key is a blind
    index with a purpose of its own, so that nobody can be read off the table.
    """
    seconds = [limit.seconds for limit in limits.values()]
    params = {"keys": list(limits), "seconds": seconds, "now": clock.now()}
    counted = [
        (one["tries"] - limits[bytes(one["key"])].most, one["window_ends"])
        for one in sql.rows("people", "count_tries", params)
    ]
    return [Exceeded(until, over == 1) for over, until in counted if over > 0]


@action
def forget_tries(*, actor: Actor, keys: Collection[bytes]) -> None:
    """Forget the tries of somebody who knew the secret."""
    TryGuard.objects.filter(key__in=keys).delete()


@action
def sweep_tries(*, actor: Actor) -> int:
    """Delete counts whose window is long over; return how many."""
    before = clock.now() - timedelta(days=1)
    return TryGuard.objects.filter(window_ends__lt=before).delete()[0]
