"""The figures follow the log: whole batches, in the transaction that keeps the reader's place."""

from __future__ import annotations

from collections.abc import Sequence

from gongzhi.facts.queries import FactRow
from gongzhi.indicators.actions import count_facts
from gongzhi.indicators.book import book
from gongzhi.indicators.reckoning import KINDS
from gongzhi.kernel.action import handles_many
from gongzhi.kernel.actor import SYSTEM


@handles_many(*dict.fromkeys((*KINDS, *book().of_facts())))
def count(facts: Sequence[FactRow]) -> None:
    """Count what is new."""
    count_facts(actor=SYSTEM, facts=facts)
