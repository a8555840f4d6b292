"""Puts what happens to matters on its way to the programs that subscribed to it."""

from __future__ import annotations

from gongzhi.facts.queries import FactRow
from gongzhi.interchange.actions import write_deliveries
from gongzhi.interchange.choices import TYPE_OF
from gongzhi.kernel.action import handles_many
from gongzhi.kernel.actor import SYSTEM


@handles_many(*TYPE_OF, most=2000)
def tell_programs(facts: list[FactRow]) -> None:
    """Write one delivery of each fact for each endpoint that may know it."""
    write_deliveries(actor=SYSTEM, facts=facts)
