"""Matters like the one being told: near in place and alike in words, before it is told twice.

Candidates come by place, through the indexes of cases by area: the grids around the point and the
community. Chinese words are too short for trigrams, so alike is decided by the letters and pairs of
letters that both texts have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left

from gongzhi.areas.queries import locate_many, path_names
from gongzhi.kernel import clock, codes, references
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.matters.choices import PROCEDURE, SUBJECT
from gongzhi.matters.letters import pieces
from gongzhi.matters.models import CoReporter, Matter
from gongzhi.matters.queries.categories import category_book
from gongzhi.procedures import queries as procedures

NEAR: Final = 300.0  # metres
ALIKE: Final = 0.3  # the least score that is told
RECENT_DAYS: Final = 14  # for which a closed matter is still offered
_READ = 300  # characters of each text
_MOST_OPEN, _MOST_CLOSED = 300, 60
_METRES = 111_320.0  # in a degree of latitude
_STRANGE = 0.2  # taken off where both have a kind and the kinds are no kin


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is being told: its words and place, as far as they are known."""

    words: str
    category: str = ""
    area: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A matter like the one being told. `title` and `metres` are for staff alone."""

    case: int
    matter: int
    reference: str
    title: str
    category_name: str
    community: str
    stage: str
    status: str
    outcome_kind: str
    reported_at: datetime
    closed_at: datetime | None
    reporters: int
    metres: int | None
    score: float

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form the API gives out to staff."""
        return {name: getattr(self, name) for name in self.__slots__}


def similar_in_public(wanted: Wanted, limit: int = 3) -> list[SimilarRow]:
    """Return open or lately closed matters alike, told by category, community, stage and date.

    The point decides the grid and no more: whoever may move it freely would else learn, by metres
    or by what comes first, at which house a matter was reported.
    """
    rows = _ranked(SYSTEM, _without_point(wanted), 0, limit)
    return [_told(row, public=True) for row in _counted(rows)]


def similar_to(
    actor: Actor, wanted: Wanted, *, besides: int = 0, limit: int = 5
) -> list[SimilarRow]:
    """Return visible matters alike, besides the matter *besides*, the likest first."""
    rows = _ranked(actor, wanted, besides, limit)
    return [_told(row, public=False) for row in _counted(rows)]


def _without_point(wanted: Wanted) -> Wanted:
    grids = grids_around(wanted)
    area = grids[0] if grids else wanted.area
    return replace(wanted, area=area, lon=None, lat=None)


# --- candidates ----------------------------------------------------------------------------------
_COLUMNS = {
    "case": F("id"),
    "matter_id": F("matter__id"),
    "title_": F("matter__title"),
    "words_": Left("matter__words", _READ),
    "category": F("matter__category"),
    "lon": F("matter__lon"),
    "lat": F("matter__lat"),
    "reported_at": F("matter__reported_at"),
}
_PLAIN = (
    "reference",
    "area",
    "version_id",
    "stage",
    "status",
    "outcome",
    "outcome_kind",
    "closed_at",
)


def _ranked(actor: Actor, wanted: Wanted, besides: int, limit: int) -> list[dict[str, Any]]:
    letters = set(pieces(wanted.words))
    if wanted.area and not codes.is_code(wanted.area):
        wanted = replace(wanted, area="")
    if not letters:
        return []
    found = {row["case"]: row for row in _candidates(actor, wanted) if row["matter_id"] != besides}
    for row in found.values():
        row["metres"] = _metres(wanted, row)
        row["besides"] = _besides(wanted, row)
        row["at_most"] = _at_most(letters, row)
    chosen: list[dict[str, Any]] = []
    for is_open in (True, False):
        rows = [row for row in found.values() if (row["status"] == "open") is is_open]
        chosen += _likest(rows, letters, limit - len(chosen))
    return chosen


def _likest(rows: list[dict[str, Any]], letters: set[str], limit: int) -> list[dict[str, Any]]:
    """Return the likest rows; those that at best come after them are not taken apart."""
    best: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: -row["at_most"]) if limit > 0 else ():
        if row["at_most"] < (best[-1]["score"] if len(best) == limit else ALIKE):
            break
        row["score"] = _score(letters, row)
        if row["score"] >= ALIKE:
            best = sorted([*best, row], key=lambda row: (-row["score"], -row["case"]))[:limit]
    return best


def _candidates(actor: Actor, wanted: Wanted) -> Iterator[dict[str, Any]]:
    grids = grids_around(wanted)
    community = wanted.area[: codes.LENGTHS["community"]]
    if not community and grids:
        community = grids[0][: codes.LENGTHS["community"]]
    near = Q(area__in=grids) if grids else Q(pk__in=())
    if len(community) == codes.LENGTHS["community"]:
        low, high = codes.prefix_range(community)
        near |= Q(area__gte=low, area__lt=high)
    yield from _rows(_cases(actor).filter(near, status="open"), "-opened_at", _MOST_OPEN)
    own = grids[0] if grids else wanted.area
    if len(own) >= codes.LENGTHS["grid"]:
        since = clock.now() - timedelta(days=RECENT_DAYS)
        closed = _cases(actor).filter(area=own, status="closed", closed_at__gte=since)
        told = closed.filter(outcome_kind__in=("solved", "partly", "explained"))
        yield from _rows(told, "-closed_at", _MOST_CLOSED)


def _cases(actor: Actor) -> QuerySet[Any]:
    cases = procedures.visible_cases(actor, SUBJECT).filter(procedure=PROCEDURE)
    return cases.filter(matter__main=None)


def _rows(cases: QuerySet[Any], order: str, most: int) -> Iterable[dict[str, Any]]:
    return cases.order_by(order).values(*_PLAIN, **_COLUMNS)[:most]


def grids_around(wanted: Wanted) -> list[str]:
    """Return the areas that hold the point or lie within reach of it, its own first."""
    lon, lat = wanted.lon, wanted.lat
    if lon is None or lat is None or not (abs(lon) <= 180 and abs(lat) <= 90):  # also for nan
        return [wanted.area] if len(wanted.area) >= codes.LENGTHS["grid"] else []
    up = NEAR / _METRES
    side = up / max(math.cos(math.radians(lat)), 0.01)
    turns = [math.tau * n / 8 for n in range(8)]
    around = [(lon + side * math.cos(t), lat + up * math.sin(t)) for t in turns]
    points = np.array([(lon, lat), *around])
    return [code for code in dict.fromkeys(map(str, locate_many(points))) if code]


# --- how alike -----------------------------------------------------------------------------------
def _score(letters: set[str], row: dict[str, Any]) -> float:
    """Return how alike: the share of common pieces, more for the same kind and a near place."""
    other = set(pieces(f"{row['title_']}。{row['words_']}"))
    common = len(letters & other)
    if common < 2:
        return 0.0  # one letter in common is chance
    besides: float = row["besides"]
    return round(common / math.sqrt(len(letters) * len(other)) + besides, 3)


def _at_most(letters: set[str], row: dict[str, Any]) -> float:
    """Return what the score can be at best: a text has as many pieces as it has in common."""
    text = f"{row['title_']}。{row['words_']}".lower()
    common = sum(piece in text for piece in letters)
    besides: float = row["besides"]
    return round(math.sqrt(common / len(letters)) + besides, 3)


def _besides(wanted: Wanted, row: dict[str, Any]) -> float:
    """Return what kind and place add to the words."""
    besides = _kin(wanted.category, row["category"])
    if row["metres"] is not None:
        besides += 0.1 if row["metres"] <= NEAR / 3 else 0.05 if row["metres"] <= NEAR else -0.1
    return besides


def _kin(first: str, second: str) -> float:
    """Return what kinship of categories adds: the same, or below the same one."""
    if not first or not second:
        return 0.0
    if first == second:
        return 0.15
    known = category_book().categories
    if first not in known or second not in known:
        return 0.0
    shared = {first, known[first].parent} & {second, known[second].parent}
    near = any(known[code].level > 1 for code in shared if code in known)
    return 0.1 if near else -_STRANGE


def _metres(wanted: Wanted, row: dict[str, Any]) -> int | None:
    if None in (wanted.lon, wanted.lat, row["lon"], row["lat"]):
        return None
    assert wanted.lon is not None
    assert wanted.lat is not None
    if not (abs(wanted.lon) <= 180 and abs(wanted.lat) <= 90):
        return None
    narrow = math.cos(math.radians(wanted.lat))
    east = (row["lon"] - wanted.lon) * narrow
    return round(math.hypot(east, row["lat"] - wanted.lat) * _METRES)


# --- what is told --------------------------------------------------------------------------------
def reporter_counts(matters: Iterable[int]) -> dict[int, int]:
    """Return how many people reported each of these matters, its duplicates and followers too."""
    wanted = list(matters)
    counts = dict.fromkeys(wanted, 1)
    merged = Matter.objects.filter(main__in=wanted).values_list("main").annotate(Count("pk"))
    own = Q(matter__in=wanted) | Q(matter__main__in=wanted)
    for main, n in merged:
        counts[main] += n
    followers = CoReporter.objects.filter(own).values_list("matter", "matter__main")
    for matter, main in followers:
        counts[main if main in counts else matter] += 1
    return counts


def _counted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    counts = reporter_counts(row["matter_id"] for row in rows)
    cut = codes.LENGTHS["community"]
    places = path_names({row["area"][:cut] for row in rows})
    for row in rows:
        row["reporters"] = counts[row["matter_id"]]
        row["community"] = places.get(row["area"][:cut], "").split(" › ")[-1]
    return rows


def _told(row: dict[str, Any], *, public: bool) -> SimilarRow:
    definition = procedures.definition_of(row["version_id"])
    named = definition.outcomes.get(row["outcome"]) or definition.stages.get(row["stage"])
    name = (named.public_name if public else named.name) if named else ""
    return SimilarRow(
        case=row["case"],
        matter=row["matter_id"],
        reference=references.check(row["reference"]),
        title="" if public else row["title_"],
        category_name=category_book().name(row["category"]) if row["category"] else "",
        community=row["community"],
        stage=name,
        status=row["status"],
        outcome_kind=row["outcome_kind"],
        reported_at=row["reported_at"],
        closed_at=row["closed_at"],
        reporters=row["reporters"],
        metres=row["metres"],
        score=row["score"],
    )
