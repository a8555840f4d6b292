"""Figures at the desk: an area's page, each of its tables as Excel, and the burden of staff."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongzhi.areas.queries import AreaInfo
from gongzhi.indicators import queries
from gongzhi.indicators.choices import FEWEST, PERIODS, SEE, SLOWEST
from gongzhi.indicators.pages import sheets
from gongzhi.indicators.pages.parts import coloured, stats, trend
from gongzhi.indicators.queries import Period, View
from gongzhi.kernel.access import access, actor_of

_PERIODS: dict[str, Any] = {
    "day": gettext_lazy("日"),
    "week": gettext_lazy("周"),
    "month": gettext_lazy("月"),
    "quarter": gettext_lazy("季"),
}


def _asked(request: HttpRequest, code: str, **wanted: Any) -> View:
    period = queries.period_of(request.GET.get("period") or "week", request.GET.get("at", ""))
    category = request.GET.get("category", "")[:40].replace("\x00", "")
    return queries.view_for(actor_of(request), code, period, category, **wanted)


@access(SEE, face="desk")
@require_safe
def figures(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show the figures of an area, of the widest of the reader's when none is named."""
    view = _asked(request, code)
    return render(request, "indicators/figures.html", _context(request, view))


def _context(request: HttpRequest, view: View) -> dict[str, Any]:
    return {
        "view": view,
        "stats": stats(view.top),
        "periods": _periods(view),
        "places": _places(request, view),
        "earlier": _at(request, view.period.previous),
        "later": _at(request, view.period.following) if view.period.following else "",
        "colours": coloured(view, request.GET.get("colour", "")),
        "shapes": _shapes(view),
        "categories": view.categories[:10],
        "slowest": _slowest(view),
        "query": _query(request, view.period),
        "trend": trend(view),
        "backlog": list(zip(view.period.starts, view.open_at_ends, strict=False)),
    }


def _query(request: HttpRequest, period: Period, **more: str) -> str:
    kept = {name: value for name in ("at", "category") if (value := request.GET.get(name))}
    return urlencode({"period": period.kind, **kept, **more})


def _at(request: HttpRequest, day: Any) -> str:
    period = request.GET.get("period") or "week"
    kept = {"category": value} if (value := request.GET.get("category")) else {}
    return "?" + urlencode({"period": period, "at": day.isoformat(), **kept})


def _periods(view: View) -> list[dict[str, Any]]:
    kept = {"category": view.category} if view.category else {}
    here = view.period.kind
    return [
        {
            "label": _PERIODS[one],
            "url": "?" + urlencode({"period": one, **kept}),
            "here": one == here,
        }
        for one in PERIODS
    ]


def _places(request: HttpRequest, view: View) -> list[dict[str, Any]]:
    query = _query(request, view.period)
    return [
        {
            "label": one.name,
            "url": f"{reverse('indicators:area', args=[one.code])}?{query}",
            "here": one.code == view.area.code,
        }
        for one in (*view.above, view.area)
    ]


def _shapes(view: View) -> str:
    asked = urlencode({"within": view.area.code, "level": queries.level_of(view.area)})
    return f"{reverse('areas:shapes')}?{asked}"


def _slowest(view: View) -> tuple[queries.Line, ...]:
    """Return the categories that took longest, of those closed often enough to say so."""
    often = [one for one in view.categories if (one.figure("closed").value or 0) >= 3]
    return tuple(sorted(often, key=lambda one: -(one.figure("days").value or 0))[:SLOWEST])


@access(SEE, face="desk")
@require_safe
def sheet(request: HttpRequest, code: str, table: str) -> FileResponse:
    """Give one table of the page as an Excel file."""
    if table not in sheets.TABLES:
        raise Http404
    view = _asked(request, code, wanted=(table,))
    return _excel(f"{view.area.name}-{table}", sheets.TABLES[table](view))


@access(SEE, face="desk")
@require_safe
def burden(request: HttpRequest) -> HttpResponseBase:
    """Show what the system asks of each role: forms, fields and estimated minutes."""
    period = queries.period_of(request.GET.get("period") or "month", request.GET.get("at", ""))
    area = queries.place_for(actor_of(request), request.GET.get("area", ""))
    found = queries.burden(area, period)
    if request.GET.get("form") == "xlsx":
        return _excel("burden", sheets.burden(found))
    context = {"area": area, "period": period, "roles": found, **_totals(area, period, found)}
    return render(request, "indicators/burden.html", context)


def _totals(
    area: AreaInfo, period: Period, found: tuple[queries.RoleBurden, ...]
) -> dict[str, Any]:
    return {
        "fewest": FEWEST,
        "periods": [
            {
                "label": _PERIODS[one],
                "url": "?" + urlencode({"period": one, "area": area.code}),
                "here": one == period.kind,
            }
            for one in PERIODS
        ],
        "total": {
            "hours": sum(one.hours for one in found),
            "fields": sum(one.fields for one in found),
        },
    }


def _excel(name: str, lines: Iterable[list[Any]]) -> FileResponse:
    target = io.BytesIO()  # a page's table, never a long list
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as made:
        page = made.add_worksheet(_("数据"))
        for number, line in enumerate(lines):
            page.write_row(number, 0, ["" if one is None else one for one in line])
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx")
