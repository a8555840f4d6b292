"""The guard against guessing the digits that open a matter's progress to its reporter."""

from __future__ import annotations

from datetime import datetime, timedelta

from gongzhi.kernel import clock, crypto, sql
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.matters.models import FollowGuard

# What is counted: (tries allowed, seconds of the window). Four digits have 10,000 values: at 20
# tries a day for one reference, from wherever, guessing takes most of a year.
PAIR = (5, 15 * 60)
REFERENCE = (20, 24 * 3600)
ADDRESS = (100, 15 * 60)


def _key(*parts: str) -> bytes:
    return crypto.blind_index("\x1f".join(parts), "matters.follow")


@action
def count_follow_try(*, actor: Actor, reference: str, address: str) -> datetime | None:
    """Count a try before the digits are looked at; return until when it is refused, or None.

    An unknown reference counts like a known one, so that the refusal tells nothing either.
    """
    rules = {
        _key("pair", reference, address): PAIR,
        _key("reference", reference): REFERENCE,
        _key("address", address): ADDRESS,
    }
    seconds = [length for _most, length in rules.values()]
    params = {"keys": list(rules), "seconds": seconds, "now": clock.now()}
    counted = sql.rows("matters", "count_tries", params)
    over = [one["window_ends"] for one in counted if one["tries"] > rules[bytes(one["key"])][0]]
    return max(over, default=None)


@action
def forget_follow_tries(*, actor: Actor, reference: str, address: str) -> None:
    """Forget the tries of somebody who knew the digits; those of the address stay."""
    keys = [_key("pair", reference, address), _key("reference", reference)]
    FollowGuard.objects.filter(key__in=keys).delete()


@action
def sweep_follow_tries(*, actor: Actor) -> int:
    """Delete counts whose window is long over; return how many."""
    before = clock.now() - timedelta(days=1)
    return FollowGuard.objects.filter(window_ends__lt=before).delete()[0]
