"""Matters that tests of figures report, handle and close at chosen moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gongzhi.facts.models import FactRecord
from gongzhi.facts.queries import FactRow
from gongzhi.indicators.actions import count_facts
from gongzhi.indicators.models import Tally
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.matters.actions import Reported, move_matter
from gongzhi.matters.tests import support as matters
from gongzhi.procedures.tests.support import MOMENT, World

GRID, COMMUNITY, STREET, DISTRICT = (
    matters.GRID,
    matters.COMMUNITY,
    matters.STREET,
    matters.DISTRICT,
)
_counted: dict[str, int] = {}


def begin_after(fact: int) -> None:
    """Begin anew: nothing after this fact has been counted."""
    _counted["last"] = _counted["begun"] = fact


def begun() -> int:
    """Return the fact after which this test begins."""
    return _counted.get("begun", 0)


def catch_up() -> None:
    """Count what a test's own transaction has written: the reader sees settled facts only."""
    found = FactRecord.objects.filter(id__gt=_counted.get("last", 0)).order_by("id")
    facts = [
        FactRow(
            id=one.id,
            at=one.at,
            kind=one.kind,
            area=one.area,
            case=one.case_id,
            actor_kind=one.actor_kind,
            actor=one.actor_id,
            post=one.post_id,
            request_id=one.request_id,
            action=one.action,
            data=one.data,
        )
        for one in found
    ]
    if facts:
        _counted["last"] = facts[-1].id
        count_facts(actor=SYSTEM, facts=facts)


def at(days: float = 0) -> Any:
    """Stand so many days after the Wednesday of the tests."""
    return clock.travel_to(MOMENT + timedelta(days=days))


def report(days: float = 0, **more: Any) -> Reported:
    """Report a matter on a day."""
    with at(days):
        return matters.report(**more)


def move(actor: Actor, reported: Reported, key: str, days: float, **data: Any) -> None:
    """Make a move on a day."""
    with at(days):
        move_matter(actor=actor, reference=reported.reference, move=key, data=data)


def answered(world: World, days: float = 0, **more: Any) -> Reported:
    """Report a matter and answer it in its grid two hours later."""
    found = report(days, **more)
    answer(world, found, days + 0.08)
    return found


def answer(world: World, found: Reported, days: float, role: str = "grid_worker") -> None:
    """Answer a matter."""
    move(world.staff[role], found, "answer", days, result="solved", answer="办好了")


def rate(world: World, found: Reported, days: float, satisfaction: str = "satisfied") -> None:
    """Note the verdict asked by telephone: solved."""
    move(world.staff["community_worker"], found, "call_solved", days, satisfaction=satisfaction)


def solved(world: World, days: float = 0, **more: Any) -> Reported:
    """Report, answer and close a matter on one day."""
    found = answered(world, days, **more)
    rate(world, found, days + 0.1)
    return found


def tally(measure: str, area: str = DISTRICT, *, cut: str = "t", key: str = "") -> int:
    """Return the sum of a measure over all days."""
    rows = Tally.objects.filter(measure=measure, area=area, cut=cut, key=key)
    return sum(rows.values_list("n", flat=True))


def moment() -> datetime:
    """The moment at which the tests stand."""
    return MOMENT


def tally_of_week(measure: str) -> int:
    """Return a measure of the district in the week of the tests."""
    monday = clock.local(MOMENT).date() - timedelta(days=2)
    rows = Tally.objects.filter(measure=measure, area=DISTRICT, cut="t", key="")
    found = rows.filter(day__gte=monday, day__lte=monday + timedelta(days=6))
    return sum(found.values_list("n", flat=True))
