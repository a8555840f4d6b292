"""Background jobs of matters."""

from __future__ import annotations

from procrastinate.contrib.django import app

from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters import actions, drafts

_BATCH = 1000


@app.periodic(cron="35 2 * * *")
@app.task(queueing_lock="matters.erase_expired_reporters", pass_context=False)
def erase_expired_reporters(timestamp: int) -> None:  # procrastinate's signature
    """Erase reporters whose time is over, every night."""
    while actions.erase_expired_reporters(actor=SYSTEM, limit=_BATCH) == _BATCH:
        pass


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="matters.delete_abandoned_drafts", pass_context=False)
def delete_abandoned_drafts(timestamp: int) -> None:  # procrastinate's signature
    """Delete the photos of reports that were begun a day ago and never sent, every hour."""
    drafts.sweep()
