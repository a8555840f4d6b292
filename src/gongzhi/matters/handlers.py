"""What matters do when something happened to their cases."""

from __future__ import annotations

from gongzhi.facts.queries import FactRow
from gongzhi.kernel.action import handles
from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters.actions import set_reporter_term


@handles("procedures.case_closed", "procedures.case_reopened")
def keep_reporter_for_a_time(fact: FactRow) -> None:
    """Count the days after which the reporter is erased from the closing on."""
    if fact.case is not None:
        closed = fact.kind == "procedures.case_closed"
        set_reporter_term(actor=SYSTEM, case=fact.case, closed=closed)
