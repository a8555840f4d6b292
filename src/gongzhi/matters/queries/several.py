"""One case for several: how many reported it, what was merged into it, its parts, their voices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongzhi.kernel.actor import Actor
from gongzhi.matters.models import CoReporter, Matter, Voice
from gongzhi.matters.queries.detail import MatterDetail
from gongzhi.matters.queries.lists import visible_to
from gongzhi.matters.queries.similar import SimilarRow, Wanted, reporter_counts, similar_to
from gongzhi.matters.queries.suggestions import Likely, likely_organisations

_MOST = 20


@dataclass(frozen=True, slots=True)
class Linked:
    """A matter that belongs to another; no title where the reader may not see it."""

    reference: str
    title: str
    status: str
    reported_at: datetime
    visible: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What somebody who follows a matter has added in words."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Several:
    """What belongs together with a matter. `voices` counts solved and not solved."""

    reporters: int
    main: Linked | None
    whole: Linked | None
    duplicates: tuple[Linked, ...]
    parts: tuple[Linked, ...]
    similar: tuple[SimilarRow, ...]
    followers: tuple[Added, ...]
    handled: tuple[Likely, ...]
    solved: int
    unsolved: int


def several_of(actor: Actor, matter: MatterDetail) -> Several:
    """Return what belongs together with a matter that *actor* was shown, and what is like it."""
    own = Matter.objects.select_related("main__case", "whole__case").get(pk=matter.id)
    duplicates = list(Matter.objects.filter(main=own).select_related("case").order_by("pk"))
    parts = list(Matter.objects.filter(whole=own).select_related("case").order_by("pk"))
    above = [one for one in (own.main, own.whole) if one is not None]
    seen = _seen(actor, [*duplicates, *parts, *above])
    said = list(Voice.objects.filter(matter=own.main or own).values_list("solved", flat=True))
    return Several(
        reporters=reporter_counts([own.pk])[own.pk],
        main=_linked(own.main, seen) if own.main else None,
        whole=_linked(own.whole, seen) if own.whole else None,
        duplicates=tuple(_linked(one, seen) for one in duplicates),
        parts=tuple(_linked(one, seen) for one in parts),
        similar=_similar(actor, matter, own, {one.pk for one in parts}),
        followers=_added(own),
        handled=tuple(likely_organisations(matter.category)) if matter.state.is_open else (),
        solved=said.count("solved"),
        unsolved=said.count("unsolved"),
    )


def _added(own: Matter) -> tuple[Added, ...]:
    concerned = CoReporter.objects.filter(Q(matter=own) | Q(matter__main=own)).exclude(words="")
    found = concerned.order_by("-pk").values_list("words", "joined_at")[:_MOST]
    return tuple(Added(*one) for one in found)


def _seen(actor: Actor, matters: Iterable[Matter]) -> set[int]:
    wanted = [one.pk for one in matters]
    found = visible_to(actor).filter(pk__in=wanted) if wanted else Matter.objects.none()
    return set(found.values_list("pk", flat=True))


def _linked(matter: Matter, seen: set[int]) -> Linked:
    case, visible = matter.case, matter.pk in seen
    title = matter.title if visible else ""
    return Linked(case.reference, title, case.status, matter.reported_at, visible)


def _similar(
    actor: Actor, matter: MatterDetail, own: Matter, parts: set[int]
) -> tuple[SimilarRow, ...]:
    """Return open matters alike into which this one may be merged: none once it is merged."""
    if own.main_id is not None or not matter.state.is_open:
        return ()
    told = Wanted(matter.words, matter.category, matter.area, matter.lon, matter.lat)
    found = similar_to(actor, told, besides=matter.id)
    kin = parts | {own.whole_id}
    return tuple(one for one in found if one.status == "open" and one.matter not in kin)
