"""What visits do when one of their needs was reported as a matter."""

from __future__ import annotations

from gongzhi.facts.queries import FactRow
from gongzhi.kernel.action import handles_many
from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.sources import number_of
from gongzhi.visits.actions import note_case
from gongzhi.visits.choices import SOURCE


@handles_many("matters.reported", most=2000)
def note_what_came_of_it(facts: list[FactRow]) -> None:
    """Note the case on the need that a report was drafted from."""
    for fact in facts:
        need = number_of(str(fact.data.get("source", "")), SOURCE)
        if need is not None and fact.case is not None:
            note_case(actor=SYSTEM, need=need, case=fact.case)
