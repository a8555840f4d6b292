"""What disputes and consultations do when something happened to their cases."""

from __future__ import annotations

from gongzhi.facts.queries import FactRow
from gongzhi.kernel.action import handles_many
from gongzhi.kernel.actor import SYSTEM
from gongzhi.mediation.actions import set_term


@handles_many("procedures.case_closed", "procedures.case_reopened", most=2000)
def keep_for_a_time(facts: list[FactRow]) -> None:
    """Count the days after which names and words are erased from the closing on."""
    newest = {fact.case: fact.kind for fact in facts if fact.case is not None}
    closed = {case for case, kind in newest.items() if kind == "procedures.case_closed"}
    set_term(actor=SYSTEM, closed=closed, reopened=set(newest) - closed)
