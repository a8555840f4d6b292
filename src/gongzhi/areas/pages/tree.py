"""The tree of areas at the desk, changes to it, and a resident's own grid."""

from __future__ import annotations

import math
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.areas import actions, policies, queries
from gongzhi.areas.actions import Change, ImportReport, Part
from gongzhi.areas.choices import Kind
from gongzhi.areas.errors import AreaUnknown
from gongzhi.areas.forms import ImportForm, MergeForm, PlaceForm, RenameForm, SplitForm, pack
from gongzhi.areas.queries import AreaInfo
from gongzhi.areas.tables import WRITERS
from gongzhi.kernel import codes
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import Level
from gongzhi.kernel.forms import attempt, posted
from gongzhi.kernel.policy import require

both = require_http_methods(["GET", "HEAD", "POST"])


# --- the desk -----------------------------------------------------------------------------------
@require_safe
@access("areas.see", face="desk")
def area_list(request: HttpRequest) -> HttpResponse:
    """Show the top of the tree, or what a search finds."""
    words = request.GET.get("words", "").strip()[:60]
    roots = [district.code for district in queries.districts()]
    if words:
        found = queries.find_areas(words, limit=50)
    elif len(roots) == 1:
        return redirect("areas:area", code=roots[0])
    else:
        found = list(queries.get_areas(roots).values())
    return render(request, "areas/list.html", {"found": found, "words": words})


@require_safe
@access("areas.see", face="desk")
def area_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one area: the way up, what lies inside, its shape, what was and what is planned."""
    area, actor = queries.get_area(code), actor_of(request)
    below = queries.children(code)
    context = {
        "area": area,
        "path": queries.path(code)[:-1],
        "below": below,
        "counts": queries.counts(actor, [code, *(child.code for child in below)]),
        "kinds": _kinds_inside(area),
        "drawn": _drawn(area, below),
        "may_manage": bool(policies.can_manage(actor, [code])),
    }
    return render(request, "areas/area.html", context | _past(code))


def _past(code: str) -> dict[str, Any]:
    """Return what was and what is planned, for the area page."""
    periods = queries.periods(code)
    return {
        "history": queries.history(code)[:50],
        "periods": periods,
        "renamed": len({name for name, *_ in periods}) > 1,
        "planned": queries.planned_adjustments(code),
        "aliases": queries.aliases(code),
        "sets": queries.sets_of(code),
    }


def _kinds_inside(area: AreaInfo) -> dict[str, int]:
    """Return how many communities of each kind lie in a district or street, by their name."""
    if area.level not in ("city", "district", "street"):
        return {}
    return {
        str(Kind(kind).label): number
        for kind, number in queries.count_by_kind(area.code, "community").items()
    }


def _drawn(area: AreaInfo, below: list[AreaInfo]) -> tuple[str, str]:
    """Return the prefix and level that the page's map draws: what lies inside, else neighbours."""
    if below:
        return area.code, below[0].level
    return area.parent or area.code, area.level


@access("areas.manage", face="desk")
@both
def import_page(request: HttpRequest) -> HttpResponse:
    """Check a file of areas and list every bad row; then take it in."""
    form = ImportForm(posted(request), request.FILES or None)
    dry = request.POST.get("step") != "import"
    actor = actor_of(request)
    report = attempt(form, lambda data: _import(actor, data, dry_run=dry))
    context: dict[str, Any] = {"form": form, "report": report}
    if report is not None and report.written:
        messages.success(request, _("已导入：新增 %(n)s 个区域") % {"n": report.opened})
        return redirect("areas:list")
    if report is not None and not report.problems:
        context["carried"] = pack(form.cleaned_data["name"], form.cleaned_data["content"])
        context["system"] = form.cleaned_data["system"]
    return render(request, "areas/import.html", context)


def _import(actor: Actor, data: dict[str, Any], *, dry_run: bool) -> ImportReport:
    return actions.import_areas(
        actor=actor,
        name=data["name"],
        content=data["content"],
        dry_run=dry_run,
        system=data["system"],
    )


@require_safe
@access("areas.see", face="desk")
def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Download an area and everything in it as CSV, Excel or GeoJSON."""
    area = queries.get_area(code)
    if form not in WRITERS:
        raise AreaUnknown(_("没有这种格式"), field="format")
    write, mime = WRITERS[form]
    response = HttpResponse(write(queries.records(actor_of(request), code)), content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="areas-{area.code}.{form}"'
    return response


@access("areas.manage", face="desk")
@both
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Give an area a new name from a day on."""
    area, actor = _managed(request, code)
    form = RenameForm(posted(request), initial={"name": area.name})
    done = attempt(
        form,
        lambda data: actions.rename_area(
            actor=actor, code=code, name=data["name"], change=form.change()
        ),
    )
    return _done(request, code, done) or _form(request, _("更名"), area, form)


@access("areas.manage", face="desk")
@both
def split(request: HttpRequest, code: str) -> HttpResponse:
    """Split an area in two."""
    area, actor = _managed(request, code)
    start = {"new_code": queries.next_free_code(area.parent or "")}
    form = SplitForm(posted(request), initial=start, area=area, below=queries.children(code))
    counts = queries.counts(actor, [code]).get(code)

    def call(data: dict[str, Any]) -> int:  # noqa: ARG001
        return actions.split_area(
            actor=actor, code=code, parts=form.parts(counts), change=form.change()
        )

    return _done(request, code, attempt(form, call)) or _form(request, _("拆分"), area, form)


@access("areas.manage", face="desk")
@both
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Let neighbouring areas join this one."""
    area, actor = _managed(request, code)
    siblings = [s for s in queries.children(area.parent or "") if s.code != code]
    form = MergeForm(posted(request), initial={"name": area.name}, siblings=siblings)
    done = attempt(form, lambda data: _merge(actor, code, data, form.change()))
    return _done(request, code, done) or _form(request, _("合并"), area, form)


def _merge(actor: Actor, code: str, data: dict[str, Any], change: Change) -> int:
    into = Part(code, data["name"].strip())
    return actions.merge_areas(
        actor=actor, merged=[code, *data["others"]], into=into, change=change
    )


def _managed(request: HttpRequest, code: str) -> tuple[AreaInfo, Actor]:
    area, actor = queries.get_area(code), actor_of(request)
    require(policies.can_manage(actor, [code]))
    return area, actor


def _done(request: HttpRequest, code: str, done: int | None) -> HttpResponse | None:
    if done is None:
        return None
    messages.success(request, _("已调整，原有区域保留在沿革中"))
    return redirect("areas:area", code=code)


def _form(request: HttpRequest, title: str, area: AreaInfo, form: Any) -> HttpResponse:
    context = {"title": title, "area": area, "form": form, "path": queries.path(area.code)}
    return render(request, "areas/form.html", context)


# --- for everybody ------------------------------------------------------------------------------
@require_safe
@access(face="public")
def my_grid(request: HttpRequest) -> HttpResponse:
    """Show which grid a place belongs to, chosen from lists or on the map."""
    form = PlaceForm(request.GET)
    form.is_valid()
    code, outside = _place(form.cleaned_data)
    found = queries.path(code) if code else []
    context = {
        "path": found,
        "area": found[-1] if found else None,
        "code": code or "",
        "outside": outside,
        "districts": queries.districts(),
    }
    return render(request, "areas/my_grid.html", context)


def _place(data: dict[str, Any]) -> tuple[str | None, bool]:
    """Return the code that was meant, and whether a point fell outside every area."""
    lon, lat = data.get("lon"), data.get("lat")
    if lon is not None and lat is not None and math.isfinite(lon) and math.isfinite(lat):
        code = queries.locate(lon, lat)
        return code, code is None
    return data.get("area") or None, False


@require_safe
@access(face="public")
def shapes(request: HttpRequest) -> HttpResponse:
    """Answer the outlines of one level as GeoJSON; browsers ask again only when they changed."""
    within = codes.check(request.GET.get("within", ""))
    given = request.GET.get("level", "")
    level: Level = given if given in codes.LEVELS else "grid"
    tag = queries.shapes_tag(within, level)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = HttpResponse(
        queries.shapes_geojson(within, level), content_type="application/geo+json"
    )
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=60, stale-while-revalidate=600"
    return response
