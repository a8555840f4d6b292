"""Visits as staff read them: within the reach of their posts, each need with what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.areas.queries import path_name, path_names
from gongzhi.kernel import clock, paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import prefix_range
from gongzhi.kernel.sources import Draft
from gongzhi.people.queries import display_names
from gongzhi.procedures import queries as procedures
from gongzhi.visits.choices import RECORD, SEE
from gongzhi.visits.errors import NeedTaken, VisitErased, VisitUnknown
from gongzhi.visits.models import Need, Visit
from gongzhi.visits.purposes import purpose_name

TABS = ("all", "open", "late")
_OPEN = Q(result_at=None, taken_at=None)


@dataclass(frozen=True, slots=True)
class NeedShown:
    """One need. `stage` and `reference` are those of its case, where the reader sees it.

    `waits` says that nothing has come of it yet, `late` that its promise is overdue.
    """

    id: int
    number: int
    words: str
    promise: str
    promised_for: date | None
    result: str
    taken: bool
    reference: str
    stage: str
    outcome_kind: str
    waits: bool
    late: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One line of the list; `waiting` counts the needs that nothing has come of yet."""

    id: int
    place: str
    place_text: str
    visited_on: date
    purpose: str
    needs: int
    waiting: int


@dataclass(frozen=True, slots=True)
class VisitDetail:
    """One visit with its needs; `recorded_by` is who can be asked about it.

    `erased` says that the words are gone because their time is over.
    """

    id: int
    area: str
    place: str
    place_text: str
    visited_on: date
    purpose: str
    heard: str
    recorded_at: datetime
    recorded_by: str
    recordable: bool
    erased: bool
    needs: tuple[NeedShown, ...]

    def need(self, number: int) -> NeedShown:
        """Return the need of this visit with this id; raise `VisitUnknown`."""
        for one in self.needs:
            if one.id == number:
                return one
        raise VisitUnknown(field="need")


def visible_to(actor: Actor) -> QuerySet[Visit]:
    """Return the visits *actor* may see: those in the reach of the power to see them."""
    if actor.is_system:
        return Visit.objects.all()
    reach = Q(pk__in=())
    for prefix in actor.areas_for(SEE):
        low, high = prefix_range(prefix)
        reach |= Q(area__gte=low, area__lt=high)
    return Visit.objects.filter(reach)


def _narrowed(found: QuerySet[Visit], tab: str) -> QuerySet[Visit]:
    needs = Need.objects.filter(_OPEN, visit=OuterRef("pk"))
    if tab == "open":
        return found.filter(Exists(needs))
    if tab == "late":
        return found.filter(Exists(needs.filter(promised_for__lt=clock.today())))
    return found


def list_visits(
    actor: Actor, *, tab: str = "all", cursor: str = "", size: int = 50
) -> paging.Page[VisitRow]:
    """Return a page of visible visits, the newest first.

    *tab* is all, open (a need waits for a result) or late (a promise is overdue).
    """
    found = _narrowed(visible_to(actor), tab)
    if cursor:
        found = found.filter(id__lt=paging.decode_as(cursor, int)[0])
    waiting = Count("needs", filter=Q(needs__result_at=None, needs__taken_at=None))
    counted = found.annotate(heard_needs=Count("needs"), waiting=waiting)
    rows = list(counted.order_by("-id")[: size + 1])
    more = paging.encode(rows[size - 1].pk) if len(rows) > size else None
    places = path_names({row.area for row in rows[:size]}) if rows else {}
    return paging.Page(tuple(_row(row, places) for row in rows[:size]), more)


def _row(row: Any, places: dict[str, str]) -> VisitRow:
    place = places.get(row.area, row.area)
    return VisitRow(
        id=row.pk,
        place=" › ".join(place.split(" › ")[-2:]),
        place_text=row.place_text,
        visited_on=row.visited_on,
        purpose=purpose_name(row.purpose),
        needs=row.heard_needs,
        waiting=row.waiting,
    )


def get_visit(actor: Actor, visit: int) -> VisitDetail:
    """Return the visit that *actor* may see; raise `VisitUnknown`."""
    found = visible_to(actor).filter(pk=visit).prefetch_related("needs").first()
    if found is None:
        raise VisitUnknown()
    needs = sorted(found.needs.all(), key=lambda one: one.number)
    by = found.recorded_by or 0
    return VisitDetail(
        id=found.pk,
        area=found.area,
        place=path_name(found.area),
        place_text=found.place_text,
        visited_on=found.visited_on,
        purpose=purpose_name(found.purpose),
        heard=found.heard,
        recorded_at=found.recorded_at,
        recorded_by=display_names({by}).get(by, ""),
        recordable=actor.may(RECORD, area=found.area) and found.keep_until is not None,
        erased=found.keep_until is None,
        needs=tuple(_needs(actor, needs)),
    )


def _needs(actor: Actor, needs: Iterable[Need]) -> Iterable[NeedShown]:
    """Yield needs with where their matters stand, as far as the reader sees those."""
    needs = list(needs)
    cases = [one.case_id for one in needs if one.case_id]
    seen = procedures.matching(actor, pk__in=cases) if cases else ()
    states = {case.pk: procedures.as_state(case, ()) for case in seen}
    for one in needs:
        state = states.get(one.case_id or 0)
        waits = one.result_at is None and one.taken_at is None
        overdue = one.promised_for is not None and one.promised_for < clock.today()
        yield NeedShown(
            id=one.pk,
            number=one.number,
            words=one.words,
            promise=one.promise,
            promised_for=one.promised_for,
            result=one.result,
            taken=one.taken_at is not None,
            reference=state.reference if state else "",
            stage=state.stage_name if state else "",
            outcome_kind=state.outcome_kind if state else "",
            waits=waits,
            late=waits and overdue,
        )


def need_for(actor: Actor, need: int) -> Need:
    """Return the need of a visit that *actor* may see; raise `VisitUnknown`."""
    found = Need.objects.filter(pk=need, visit__in=visible_to(actor)).select_related("visit")
    one = found.first()
    if one is None:
        raise VisitUnknown()
    return one


def not_erased(visit: Visit) -> None:
    """Raise `VisitErased` when the words of the visit are gone."""
    if visit.keep_until is None:
        raise VisitErased()


def draft_of_need(actor: Actor, need: int) -> Draft:
    """Return the draft of the matter that a need may become; raise `NeedTaken` when it did."""
    found = need_for(actor, need)
    if found.taken_at is not None:
        raise NeedTaken()
    visit = found.visit
    not_erased(visit)
    return Draft(
        words=found.words,
        area=visit.area,
        place_text=visit.place_text,
        note=_("走访时听到的需求"),
        url=reverse("visits:visit", args=[visit.pk]),
    )
