"""The one place that asks what time it is, so that tests and demos can stand elsewhere in time."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
_fixed: contextvars.ContextVar[datetime | None] = contextvars.ContextVar("clock", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """Return *moment* in Asia/Shanghai time."""
    return moment.astimezone(LOCAL)


def today() -> date:
    """Return the present date in Asia/Shanghai."""
    return local(now()).date()


@contextlib.contextmanager
def travel_to(moment: datetime) -> Iterator[None]:
    """Let `now` answer *moment* (aware) inside the block: for tests and demo data only."""
    if moment.tzinfo is None:
        raise ValueError("travel_to needs an aware datetime")
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
