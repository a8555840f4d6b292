"""Puts what happens to matters on its way to the programs that subscribed to it."""

from __future__ import annotations

from gongzhi.facts.queries import FactRow
from gongzhi.interchange.actions import write_deliveries
from gongzhi.interchange.choices import TYPE_OF
from gongzhi.kernel.action import handles
from gongzhi.kernel.actor import SYSTEM


@handles(*TYPE_OF)
def tell_programs(fact: FactRow) -> None:
    """Write one delivery for each endpoint that may know this fact."""
    write_deliveries(actor=SYSTEM, fact=fact)
