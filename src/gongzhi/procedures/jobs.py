"""The clock's background job: wakes cases every few seconds."""

from __future__ import annotations

from procrastinate.contrib.django import app

from gongzhi.kernel.actor import SYSTEM
from gongzhi.procedures import actions


@app.periodic(cron="* * * * * */5")
@app.task(name="procedures.fire_timers", queueing_lock="procedures.fire_timers")
def fire_timers(timestamp: int) -> None:
    """Wake the cases whose moment has come."""
    actions.fire_timers(actor=SYSTEM)
