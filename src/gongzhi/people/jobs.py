"""Background jobs of the people app."""

from __future__ import annotations

from procrastinate.contrib.django import app

from gongzhi.kernel.actor import SYSTEM
from gongzhi.people import actions

_BATCH = 1000


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="people.erase_expired_data", pass_context=False)
def erase_expired_data(timestamp: int) -> None:  # procrastinate's signature
    """Erase personal data whose time is over, every night."""
    while actions.erase_expired_data(actor=SYSTEM, limit=_BATCH) == _BATCH:
        pass
    actions.sweep_tries(actor=SYSTEM)
