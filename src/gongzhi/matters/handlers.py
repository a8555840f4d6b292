"""What matters do when something happened to their cases."""

from __future__ import annotations

from gongzhi.facts.queries import FactRow
from gongzhi.kernel.action import handles, handles_many
from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters.actions import set_reporter_terms
from gongzhi.matters.actions.notifying import tell_of_cases
from gongzhi.matters.notices import KINDS
from gongzhi.matters.queries.told import link_of_notice, told_cases
from gongzhi.messages.actions import erase_addresses
from gongzhi.messages.choices import CASE, Subject, register_subject

register_subject(Subject(CASE, told_cases, link_of_notice))


@handles_many("procedures.case_closed", "procedures.case_reopened", most=2000)
def keep_reporter_for_a_time(facts: list[FactRow]) -> None:
    """Count the days after which the reporter is erased from the closing on."""
    newest = {fact.case: fact.kind for fact in facts if fact.case is not None}
    closed = {case for case, kind in newest.items() if kind == "procedures.case_closed"}
    set_reporter_terms(actor=SYSTEM, closed=closed, reopened=set(newest) - closed)


@handles("matters.reporter_erased")
def erase_address_with_reporter(fact: FactRow) -> None:
    """Let the address that a reporter left go with his name and phone."""
    if fact.case is not None:
        erase_addresses(actor=SYSTEM, subject_kind=CASE, subjects=[fact.case])


@handles_many(*KINDS, most=2000)
def tell_whom_it_concerns(facts: list[FactRow]) -> None:
    """Tell staff what has come to them, and reporters each public step."""
    tell_of_cases(actor=SYSTEM, facts=facts)
