"""Background jobs of the log: read on, make months ahead, forget old answers."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from gongzhi.facts import actions
from gongzhi.facts.choices import BATCH
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM


@app.periodic(cron="* * * * * */1")
@app.task(name="facts.relay", queueing_lock="facts.relay", pass_context=False)
def relay(timestamp: int) -> None:
    """Let handlers read on, every second; at once again only while one is far behind.

    What came meanwhile waits for the next second: a batch costs little more than a single fact.
    """
    while actions.relay() >= BATCH:
        pass


@app.periodic(cron="7 3 * * *")
@app.task(name="facts.housekeeping", queueing_lock="facts.housekeeping")
def housekeeping(timestamp: int) -> None:
    """Make the next months' partitions and forget answers past their term, every night."""
    today = clock.today()
    actions.make_months(actor=SYSTEM, first=today, last=today + timedelta(days=95))
    actions.forget_answers(actor=SYSTEM)
