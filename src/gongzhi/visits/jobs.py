"""Background jobs of visits."""

from __future__ import annotations

from procrastinate.contrib.django import app

from gongzhi.kernel.actor import SYSTEM
from gongzhi.visits import actions

_BATCH = 500


@app.periodic(cron="55 2 * * *")
@app.task(queueing_lock="visits.erase_expired", pass_context=False)
def erase_expired(timestamp: int) -> None:  # procrastinate's signature
    """Erase the words of visits whose time is over, every night."""
    while actions.erase_expired(actor=SYSTEM, limit=_BATCH) == _BATCH:
        pass
