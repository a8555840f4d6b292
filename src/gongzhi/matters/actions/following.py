"""The guard against guessing the digits that open a matter's progress to its reporter."""

from __future__ import annotations

from datetime import datetime

from gongzhi.kernel import crypto
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.people.actions import Limit, count_tries, forget_tries

# Four digits have 10,000 values: at 20
# tries a day for one reference, from wherever, guessing takes most of a year.
PAIR = Limit(5, 15 * 60)
REFERENCE = Limit(20, 24 * 3600)
ADDRESS = Limit(100, 15 * 60)


def _key(*parts: str) -> bytes:
    return crypto.blind_index("\x1f".join(parts), "matters.follow")


@action
def count_follow_try(*, actor: Actor, reference: str, address: str) -> datetime | None:
    """Count a try before the digits are looked at; return until when it is refused, or None.

    An unknown reference counts like a known one, so that the refusal tells nothing either.
    """
    limits = {
        _key("pair", reference, address): PAIR,
        _key("reference", reference): REFERENCE,
        _key("address", address): ADDRESS,
    }
    exceeded = count_tries(actor=actor, limits=limits)
    return max((one.until for one in exceeded), default=None)


@action
def forget_follow_tries(*, actor: Actor, reference: str, address: str) -> None:
    """Forget the tries of somebody who knew the digits; those of the address stay."""
    forget_tries(actor=actor, keys=[_key("pair", reference, address), _key("reference", reference)])
