"""Background jobs of notices: e-mails go out every few seconds, what is past its time goes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from gongzhi.kernel.actor import SYSTEM
from gongzhi.messages import actions

_BATCH = 1000


@app.periodic(cron="* * * * * */5")
@app.task(name="notices.send", queueing_lock="notices.send", pass_context=False)
def send(timestamp: int) -> None:
    """Send what is due, one e-mail after the other."""
    actions.give_up_interrupted(actor=SYSTEM)
    while actions.send_next(actor=SYSTEM):
        pass


@app.periodic(cron="40 2 * * *")
@app.task(name="notices.erase", queueing_lock="notices.erase", pass_context=False)
def erase(timestamp: int) -> None:
    """Erase addresses whose time is over and notices read long ago, every night."""
    while actions.erase_expired_addresses(actor=SYSTEM, limit=_BATCH) == _BATCH:
        pass
    while actions.forget_old_notices(actor=SYSTEM, limit=_BATCH):
        pass
