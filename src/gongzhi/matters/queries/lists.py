"""Lists of matters as staff read them: scope first, then filters, always by keyset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.areas.queries import path_names
from gongzhi.kernel import clock, codes, paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.matters.choices import SUBJECT, Channel
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.categories import CategoryBook, category_book
from gongzhi.matters.queries.drilling import NOT_DRILLED, Drilled, drill
from gongzhi.matters.queries.words import NEAR, holding, is_frequent, saying
from gongzhi.procedures import queries as procedures

STATUSES = ("open", "closed")
LIGHTS = ("late", "soon", "waiting")
ORDERS = ("due", "newest")
MOST_POINTS = 5000
MOST_COUNTED = 10_000
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means not narrowed.

    `light` is late, soon or waiting; `area` a code prefix; `mine` what the actor holds now;
    `drilled` what a figure's list is narrowed to.
    """

    status: str = ""
    stage: str = ""
    category: str = ""
    area: str = ""
    light: str = ""
    text: str = ""
    channel: str = ""
    mine: bool = False
    drilled: Drilled = NOT_DRILLED


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One line of a list. `light` is late, soon, waiting or ''; `place` the path of names."""

    case: int
    reference: str
    title: str
    category: str
    category_name: str
    channel: str
    area: str
    place: str
    stage: str
    stage_name: str
    status: str
    outcome: str
    outcome_kind: str
    owner_label: str
    light: str
    due_at: datetime | None
    reported_at: datetime
    closed_at: datetime | None
    solved: str
    satisfaction: str
    revision: int

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form the API gives out."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many visible matters there are, by state; `more` have ended than were counted."""

    open: int = 0
    late: int = 0
    soon: int = 0
    closed: int = 0
    total: int = 0
    more: bool = False


def visible_to(actor: Actor) -> QuerySet[Matter]:
    """Return the matters *actor* may see: those whose cases it may see."""
    return Matter.objects.filter(case__in=_cases(actor))


def _cases(actor: Actor) -> QuerySet[Any]:
    return procedures.visible_cases(actor, SUBJECT)


def _problem(field: str, words: str, known: Iterable[str] = ()) -> InvalidInput:
    options = "、".join(known)
    mend = _("可用：%(known)s") % {"known": options} if options else _("请改短，或去掉特殊字符")
    return InvalidInput(words, field=field, mend=mend)


def checked(filters: Filters) -> Filters:
    """Return *filters*; raise `InvalidInput` naming the field that holds nothing we know."""
    for field, known in (("status", STATUSES), ("light", LIGHTS), ("channel", Channel.values)):
        value = getattr(filters, field)
        if value and value not in known:
            raise _problem(field, _("没有这个选项"), known)
    if filters.area and not codes.is_code(filters.area):
        raise InvalidInput(
            _("“%(code)s”不是区划代码") % {"code": filters.area[:40]},
            field="area",
            mend=_("代码为 2、4、6、9、12、15、18 或 20 位数字"),
        )
    if len(filters.text) > LONGEST_TEXT or "\x00" in filters.text:
        raise _problem("text", _("查找的文字不能超过 100 个字"))
    for field in ("stage", "category"):
        if len(getattr(filters, field)) > LONGEST_TEXT or "\x00" in getattr(filters, field):
            raise _problem(field, _("没有这个选项"))
    return filters


def narrowed(actor: Actor, filters: Filters) -> QuerySet[Any]:
    """Return the visible cases of matters that meet *filters*. Raises `InvalidInput`."""
    checked(filters)
    found = _narrow(_cases(actor), actor, filters)
    if filters.area:
        low, high = codes.prefix_range(filters.area)
        found = found.filter(area__gte=low, area__lt=high)
    text = filters.text.strip()
    return found.filter(holding(text)) if text else found


def _narrow(cases: QuerySet[Any], actor: Actor, filters: Filters) -> QuerySet[Any]:
    """Narrow visible cases by everything but place and words."""
    # The API asks by a shape of its own, which knows nothing of figures.
    found = drill(cases, getattr(filters, "drilled", NOT_DRILLED))
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.stage:
        found = found.filter(stage=filters.stage)
    if filters.category:
        found = found.filter(matter__category__in=category_book().below(filters.category))
    if filters.channel:
        found = found.filter(matter__channel=filters.channel)
    if filters.light:
        found = found.filter(_lit(filters.light), status="open")
    if filters.mine:
        keys = procedures.owner_keys(actor)
        held = Q(items__owner__in=keys) & (
            Q(items__claimed_by=None) | Q(items__claimed_by=actor.account)
        )
        found = found.filter(pk__in=_cases(actor).filter(held, items__done_at=None).values("pk"))
    return found


def _lit(light: str) -> Q:
    now = clock.now()
    if light == "waiting":
        return Q(paused_at__isnull=False)
    late = Q(red_at__lte=now)
    if light == "late":
        return Q(paused_at=None) & late
    return Q(paused_at=None, yellow_at__lte=now) & ~(Q(red_at__isnull=False) & late)


COLUMNS = (
    "id",
    "reference",
    "area",
    "version_id",
    "stage",
    "status",
    "outcome",
    "outcome_kind",
    "due_at",
    "yellow_at",
    "red_at",
    "paused_at",
    "closed_at",
    "revision",
    "matter__title",
    "matter__category",
    "matter__channel",
    "matter__reported_at",
    "matter__solved",
    "matter__satisfaction",
)


def list_matters(
    actor: Actor,
    filters: Filters | None = None,
    cursor: str = "",
    limit: int | None = None,
    order: str = "due",
) -> paging.Page[MatterRow]:
    """Return a page of visible matters (1 to 200, 50 unless told).

    *order* is `due` (the most overdue first, undated last) or `newest`; when something was due
    orders only what is open, a list that holds ended matters too is newest first. Raises
    `InvalidInput` for a filter, cursor, limit or order that cannot be.
    """
    size = paging.limit(limit)
    if order not in ORDERS:
        raise _problem("order", _("没有这个选项"), ORDERS)
    filters = filters or Filters()
    if filters.status != "open" and not filters.light:
        order = "newest"
    if order == "newest":
        rows = _newest_first(actor, filters, cursor, size + 1)
    else:
        found = _due_first(narrowed(actor, filters), cursor)
        rows = list(found.values(*COLUMNS)[: size + 1])
    more = _cursor(rows[size - 1], order) if len(rows) > size else None
    return paging.Page(tuple(as_rows(rows[:size])), more)


def _cursor(row: dict[str, Any], order: str) -> str:
    if order == "newest":
        return paging.encode(row["id"])
    due = row["due_at"]
    return paging.encode(due.isoformat() if due else "", row["id"])


def _newest_first(actor: Actor, filters: Filters, cursor: str, size: int) -> list[dict[str, Any]]:
    """Return the newest rows of a list, read in parts that an index has in this order.

    A frequent text is looked for among the newest of the list before all of it is asked.
    """
    checked(filters)
    parts = procedures.visible_parts(actor, SUBJECT)
    if len(filters.area) >= codes.LENGTHS["community"]:
        parts = [_cases(actor).filter(procedures.within(filters.area))]
    elif filters.area:
        low, high = codes.prefix_range(filters.area)
        parts = [part.filter(area__gte=low, area__lt=high) for part in parts]
    after = Q(id__lt=paging.decode_as(cursor, int)[0]) if cursor else Q()
    parts = [_narrow(part, actor, filters).filter(after).order_by("-id") for part in parts]
    text = filters.text.strip()
    if not text:
        return _first(parts, size)
    for most in NEAR if is_frequent(text) else ():
        rows = _first([_near(part, most).filter(saying(text)) for part in parts], size)
        if len(rows) == size:
            return rows
    words = holding(text)
    return _first([part.filter(words) for part in parts], size)


def _near(part: QuerySet[Any], most: int) -> QuerySet[Any]:
    """Return the newest of a part, so many at most."""
    last = list(part.values_list("pk", flat=True)[most - 1 : most])
    return part.filter(pk__gte=last[0]) if last else part


def _first(parts: list[QuerySet[Any]], size: int) -> list[dict[str, Any]]:
    """Return the newest rows of all parts; one that lies in several counts once."""
    found = {row["id"]: row for part in parts for row in part.values(*COLUMNS)[:size]}
    return [found[number] for number in sorted(found, reverse=True)[:size]]


def _due_first(found: QuerySet[Any], cursor: str) -> QuerySet[Any]:
    """Order by due time, what has none last; equal due times by id, so that no row is skipped."""
    if cursor:
        due, last = paging.decode_as(cursor, str, int)
        undated, later = Q(due_at=None), Q(id__gt=last)
        if due:
            at = paging.moment(due)
            found = found.filter(Q(due_at__gt=at) | (Q(due_at=at) & later) | undated)
        else:
            found = found.filter(undated & later)
    return found.order_by(F("due_at").asc(nulls_last=True), "id")


def as_rows(rows: list[dict[str, Any]]) -> list[MatterRow]:
    """Return raw lines with their names, in a bounded number of statements."""
    if not rows:
        return []
    places = path_names({row["area"] for row in rows})
    holdings = procedures.holdings_of([r["id"] for r in rows if r["status"] == "open"])
    book = category_book()
    return [
        _as_row(row, book, places.get(row["area"], row["area"]), holdings.get(row["id"], ()))
        for row in rows
    ]


def _light(row: dict[str, Any]) -> str:
    if row["status"] != "open":
        return ""
    return procedures.light_at(clock.now(), row["yellow_at"], row["red_at"], row["paused_at"])


def _as_row(
    row: dict[str, Any], book: CategoryBook, place: str, holdings: Iterable[Any]
) -> MatterRow:
    """Return one raw line with the names of its procedure and of its owners."""
    definition = procedures.definition_of(row["version_id"])
    named = definition.outcomes.get(row["outcome"]) or definition.stages.get(row["stage"])
    return MatterRow(
        case=row["id"],
        reference=row["reference"],
        title=row["matter__title"],
        category=row["matter__category"],
        category_name=book.name(row["matter__category"]),
        channel=row["matter__channel"],
        area=row["area"],
        place=place,
        stage=row["stage"],
        stage_name=named.name if named else row["stage"],
        status=row["status"],
        outcome=row["outcome"],
        outcome_kind=row["outcome_kind"],
        owner_label="、".join(h.label for h in holdings if h.part in ("lead", "fan")),
        light=_light(row),
        due_at=row["due_at"],
        reported_at=row["matter__reported_at"],
        closed_at=row["closed_at"],
        solved=row["matter__solved"],
        satisfaction=row["matter__satisfaction"],
        revision=row["revision"],
    )


def counts(actor: Actor, filters: Filters | None = None) -> Counts:
    """Return the counts of what a list with these filters holds, in two statements.

    What is open is counted whole; what is closed up to `MOST_COUNTED`, because nobody needs the
    last digit of a long past: `more` says that there are more.
    """
    found = narrowed(actor, filters or Filters())
    going = found.filter(status="open").aggregate(
        open=Count("pk"),
        late=Count("pk", filter=_lit("late")),
        soon=Count("pk", filter=_lit("soon")),
    )
    ended = found.filter(status="closed").values("pk")[: MOST_COUNTED + 1].count()
    closed = min(ended, MOST_COUNTED)
    more = ended > closed
    return Counts(**going, closed=closed, total=going["open"] + closed, more=more)


def points_geojson(actor: Actor, filters: Filters | None = None) -> bytes:
    """Return visible open matters that have a point as GeoJSON (WGS84), the newest 5,000.

    Properties: reference, title, category, stage, light, area.
    """
    filters = filters or Filters(status="open")
    found = narrowed(actor, filters).filter(matter__lon__isnull=False).order_by("-id")
    rows = found.values(*COLUMNS, "matter__lon", "matter__lat")[:MOST_POINTS]
    book, now = category_book(), clock.now()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["matter__lon"], row["matter__lat"]]},
            "properties": {
                "reference": row["reference"],
                "title": row["matter__title"],
                "category": book.name(row["matter__category"]),
                "stage": row["stage"],
                "area": row["area"],
                "status": row["status"],
                "light": procedures.light_at(now, row["yellow_at"], row["red_at"], row["paused_at"])
                if row["status"] == "open"
                else "",
            },
        }
        for row in rows
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})
