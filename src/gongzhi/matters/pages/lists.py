"""The list of matters: tabs, chips, search, export, and points for the map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gongzhi.areas import queries as areas
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import GongzhiError
from gongzhi.matters import actions, queries, written
from gongzhi.matters.choices import EXPORT, HANDLE, SEE, Channel, Satisfaction, Solved
from gongzhi.matters.forms import category_choices
from gongzhi.matters.pages.together import TOGETHER
from gongzhi.matters.queries import Filters
from gongzhi.matters.queries.drilling import Drilled

_TABS: tuple[tuple[Any, dict[str, str], str], ...] = (
    (gettext_lazy("办理中"), {"status": "open"}, "open"),
    (gettext_lazy("已超期"), {"status": "open", "light": "late"}, "late"),
    (gettext_lazy("临近期限"), {"status": "open", "light": "soon"}, "soon"),
    (gettext_lazy("在我手上"), {"status": "open", "mine": "1"}, ""),
    (gettext_lazy("已办结"), {"status": "closed"}, "closed"),
    (gettext_lazy("全部"), {"status": ""}, "total"),
)
_NAMES = ("status", "stage", "category", "area", "light", "text", "channel")
_NARROWING = ("category", "area", "text", "channel")
_ORDERS: tuple[tuple[str, Any], ...] = (
    ("due", gettext_lazy("先到期的在前")),
    ("newest", gettext_lazy("新收到的在前")),
)


def filters_of(request: HttpRequest) -> Filters:
    """Return the filters in the address; open matters where none is chosen."""
    given = {name: request.GET.get(name, "").strip() for name in _NAMES}
    if "status" not in request.GET:
        given["status"] = "open"
    drilled = {name: request.GET.get(name, "").strip() for name in Drilled.__slots__}
    return Filters(mine=request.GET.get("mine") == "1", drilled=Drilled(**drilled), **given)


@access(SEE, face="desk")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the matters the reader may see: open ones by due time, closed ones newest first."""
    filters = filters_of(request)
    orders = _ORDERS if filters.status == "open" or filters.light else ()
    order = request.GET.get("order", "due") if orders else "newest"
    cursor = request.GET.get("cursor", "")
    page = queries.list_matters(actor_of(request), filters, cursor, order=order)
    around = _around(request, filters)
    around |= {"order": order, "orders": orders, "told": _told(filters, order)}
    context = {"page": page, "lines": _lines(page.items), **around}
    return render(request, "matters/list.html", context)


def _told(filters: Filters, order: str) -> list[str]:
    """Say on paper what the list was narrowed to, and its order."""
    words = [
        areas.path_name(filters.area) if filters.area else "",
        queries.category_name(filters.category) if filters.category else "",
        str(Channel(filters.channel).label) if filters.channel else "",
        f"“{filters.text}”" if filters.text else "",
        in_words(filters.drilled),
        str(dict(_ORDERS)[order]),
    ]
    return [one for one in words if one]


_DRILLED_DAYS: tuple[tuple[str, Any], ...] = (
    ("received", gettext_lazy("收到")),
    ("closed", gettext_lazy("办结")),
    ("responded", gettext_lazy("首次处理")),
    ("verdict", gettext_lazy("评价")),
    ("repeated", gettext_lazy("又有人反映")),
    ("counted", gettext_lazy("有数到的步骤")),
)
_DRILLED: tuple[tuple[str, str, Any], ...] = (
    ("late", "1", gettext_lazy("有一步超期")),
    ("late", "0", gettext_lazy("每步都按时")),
    ("overdue", "1", gettext_lazy("已超期")),
    ("responded", "in_time", gettext_lazy("首次处理按时")),
    ("responded", "late", gettext_lazy("首次处理超期")),
    ("merged", "1", gettext_lazy("重复反映")),
    ("merged", "0", gettext_lazy("不含并入别的")),
)


def in_words(drilled: Drilled) -> str:
    """Say what a figure's list is narrowed to."""
    words = [str(told) for name, value, told in _DRILLED if getattr(drilled, name) == value]
    for name, told in _DRILLED_DAYS:
        first, last = getattr(drilled, f"{name}_from"), getattr(drilled, f"{name}_to")
        if first or last:
            words.append(f"{told} {first}—{last}" if first != last else f"{told} {first}")
    known = {"kind": drilled.kind, "solved": drilled.solved, "satisfaction": drilled.satisfaction}
    for name, told in (("kind", _KINDS), ("solved", _SOLVED), ("satisfaction", _SATISFIED)):
        words += [_("、").join(str(told[one]) for one in known[name].split(",") if one in told)]
    return _("；").join(one for one in words if one)


_KINDS: dict[str, Any] = {
    "solved": gettext_lazy("已解决"),
    "partly": gettext_lazy("部分解决"),
    "explained": gettext_lazy("已说明"),
    "declined": gettext_lazy("不予受理"),
    "excluded": gettext_lazy("不在范围"),
    "cancelled": gettext_lazy("已撤销"),
}
_SOLVED: dict[str, Any] = dict(Solved.choices)
_SATISFIED: dict[str, Any] = dict(Satisfaction.choices)


def _around(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    """Return what stands around the lines: tabs with counts, filters, what the reader may do."""
    actor = actor_of(request)
    narrowing = {name: value for name in _NARROWING if (value := getattr(filters, name))}
    counts = queries.counts(actor, Filters(**narrowing, drilled=filters.drilled))
    narrowing |= filters.drilled.given()
    kept = {**filters_in(request.GET), "status": filters.status}
    saved = _saved(actor, kept)
    return {
        "filters": filters,
        "kept": {name: value for name, value in kept.items() if value},
        "saved_here": next((tab["label"] for tab in saved if tab["here"]), ""),
        "tabs": [*_tabs(filters, narrowing, counts), *saved],
        "categories": category_choices(),
        "places": _places(actor, filters.area),
        "channels": Channel.choices,
        "may_export": actor.has(EXPORT),
        "narrowed": bool(narrowing),
        "drilled": filters.drilled.given(),
        "drilled_words": in_words(filters.drilled),
        "query": request.GET.urlencode(),
        "here": request.get_full_path(),
        "bulk": _together(actor, filters),
        "may_report": actor.has("matters.report"),
    }


def _together(actor: Actor, filters: Filters) -> list[dict[str, Any]]:
    """Return what can be done with several lines; nothing with what is closed."""
    if filters.status == "closed" or not actor.has(HANDLE):
        return []
    return [{"value": TOGETHER, "label": _("指派、流转、办结")}]


def _lines(rows: Iterable[Any]) -> list[tuple[Any, str]]:
    """Return each line with its place shortly: the community, and the grid within it."""
    found = []
    for row in rows:
        names = row.place.split(" › ")[-2:]
        found.append((row, names[-1] if names[-1].startswith(names[0]) else " › ".join(names)))
    return found


def _counted(counts: queries.Counts, number: str) -> str:
    """Return a count as a tab tells it: a long past is not counted to its end."""
    told = str(getattr(counts, number))
    return f"{told}+" if counts.more and number in ("closed", "total") else told


def _tabs(
    filters: Filters, narrowing: dict[str, str], counts: queries.Counts
) -> list[dict[str, Any]]:
    now = (filters.status, filters.light, "1" if filters.mine else "")
    return [
        {
            "label": label,
            "url": f"?{urlencode({**asked, **narrowing})}",
            "here": now == (asked["status"], asked.get("light", ""), asked.get("mine", "")),
            "count": _counted(counts, number) if number else None,
        }
        for label, asked, number in _TABS
    ]


def filters_in(given: Any) -> dict[str, str]:
    """Return what a list is narrowed to, as its address says it; one order, no page."""
    names = (*_NAMES, "mine", "order", *Drilled.__slots__)
    return {name: given.get(name, "").strip()[:100] for name in names}


def _saved(actor: Actor, kept: dict[str, str]) -> list[dict[str, Any]]:
    """Return the reader's own lists as tabs, without a count: each would cost a statement."""
    return [
        {
            "label": one.name,
            "url": f"?{one.query}",
            "here": filters_in(QueryDict(one.query)) == kept,
            "count": None,
        }
        for one in queries.saved_lists(actor)
    ]


def _places(actor: Actor, chosen: str) -> list[tuple[str, str]]:
    """Return the areas of the reader's posts and those directly inside, to narrow the list to."""
    found: list[tuple[str, str]] = []
    for code in actor.areas_for(SEE)[:5]:
        found += [(area.code, area.name) for area in areas.children(code)]
    if chosen and chosen not in dict(found):
        found.insert(0, (chosen, areas.path_name(chosen)))
    return found


@access(SEE, face="desk")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is narrowed now under a name, or let a kept one go."""
    asked = {name: value for name, value in filters_in(request.POST).items() if value}
    actor, name = actor_of(request), request.POST.get("name", "")
    try:
        if "drop" in request.POST:
            actions.drop_list(actor=actor, name=request.POST["drop"][:40])
        else:
            actions.save_list(actor=actor, name=name, asked={"status": "", **asked})
    except GongzhiError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('matters:list')}?{urlencode({'status': '', **asked})}")


@access(SEE, face="desk")
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Answer the open matters with a point, for the map."""
    found = queries.points_geojson(actor_of(request), filters_of(request))
    response = HttpResponse(found, content_type="application/geo+json")
    response["Cache-Control"] = "private, no-store"
    return response


@access(EXPORT, face="desk")
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give the filtered list as a CSV or Excel file."""
    if form not in written.FORMS:
        raise Http404
    lines = queries.export_rows(actor_of(request), filters_of(request))
    return written.table(lines, form)
