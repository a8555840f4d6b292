"""Background jobs of mediation."""

from __future__ import annotations

from procrastinate.contrib.django import app

from gongzhi.kernel.actor import SYSTEM
from gongzhi.mediation import actions

_BATCH = 500


@app.periodic(cron="50 2 * * *")
@app.task(queueing_lock="mediation.erase_expired", pass_context=False)
def erase_expired(timestamp: int) -> None:  # procrastinate's signature
    """Erase names and words whose time is over, every night."""
    while actions.erase_expired(actor=SYSTEM, limit=_BATCH) == _BATCH:
        pass
