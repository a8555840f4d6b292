"""Staff enter what somebody says at the window, on the phone or at the door."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongzhi.areas import queries as areas
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.forms import attempt, posted
from gongzhi.matters import actions
from gongzhi.matters.choices import REPORT
from gongzhi.matters.forms import NewMatterForm


@access(REPORT, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a report for somebody."""
    form = NewMatterForm(posted(request), request.FILES or None)
    sent = attempt(form, lambda data: _report(request, data))
    if sent:
        return redirect("matters:report_sent", sent.reference, sent.secret)
    return render(
        request,
        "matters/new.html",
        {
            "form": form,
            "area": _area(request),
            "district": next(iter(areas.districts()), None),
            "key": request.POST.get("key") or secrets.token_hex(32),
        },
    )


def _area(request: HttpRequest) -> str:
    """Return the deepest area chosen; before anything is chosen, the narrowest post's."""
    if request.method == "POST":
        return max(request.POST.getlist("area"), key=len, default="")[:20]
    return max(actor_of(request).areas_for(REPORT), key=len, default="")


def _report(request: HttpRequest, data: dict[str, Any]) -> actions.Reported:
    served = {district.code for district in areas.districts()}
    area = _area(request)
    report = actions.NewMatter(
        words=data["words"],
        category=data["category"],
        channel=data["channel"],
        photos=tuple(data["photos"]),
        name=data["name"],
        phone=data["phone"],
        email=data["email"],
        anonymous=not (data["name"] or data["phone"]),
        place_text=data["place_text"],
        lon=data["lon"],
        lat=data["lat"],
        area="" if area in served else area,
        submit_key=request.POST.get("key", "")[:200],
    )
    return actions.report_matter(actor=actor_of(request), report=report)
