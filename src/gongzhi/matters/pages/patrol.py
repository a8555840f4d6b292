"""Grid workers report on the move: a page that opens and takes reports without a network too."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongzhi.areas import queries as areas
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.forms import attempt, posted
from gongzhi.kernel.web import json_response
from gongzhi.matters import actions
from gongzhi.matters.choices import REPORT, Channel
from gongzhi.matters.forms import PatrolForm


@access(REPORT, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def patrol(request: HttpRequest) -> HttpResponse:
    """Take down what was seen; programs of the page are answered as JSON, browsers go on."""
    actor = actor_of(request)
    form = PatrolForm(posted(request), request.FILES or None, places=_places(actor))
    sent = attempt(form, lambda data: _report(request, data))
    if sent:
        return _received(request, sent)
    if request.method == "POST" and _wants_json(request):
        return json_response({"problem": _first_problem(form)}, status=422)
    key = secrets.token_hex(32)
    return render(request, "matters/patrol.html", {"form": form, "key": key, "actor": actor})


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _received(request: HttpRequest, sent: actions.Reported) -> HttpResponse:
    address = reverse("procedures:case", args=[sent.reference])
    if _wants_json(request):
        told = {"reference": sent.reference, "address": address, "again": sent.again}
        return json_response(told, status=200 if sent.again else 201)
    return redirect(address)


def _first_problem(form: PatrolForm) -> str:
    return next(str(text) for texts in form.errors.values() for text in texts)


def _places(actor: Actor) -> list[tuple[str, str]]:
    """Return the places the reporter's posts are at, each with those directly below it."""
    found: dict[str, str] = {}
    for code in sorted(actor.areas_for(REPORT)):
        here = areas.get_area(code)
        below = areas.children(code)
        found |= {here.code: here.name} | {one.code: f"{here.name} {one.name}" for one in below}
    return list(found.items())


def _report(request: HttpRequest, data: dict[str, Any]) -> actions.Reported:
    report = actions.NewMatter(
        words=data["words"],
        category=data["category"],
        channel=Channel.PATROL,
        photos=tuple(data["photos"]),
        anonymous=True,
        place_text=data["place_text"],
        lon=data["lon"],
        lat=data["lat"],
        area=data["area"],
        submit_key=request.POST.get("key", "")[:200],
    )
    return actions.report_matter(actor=actor_of(request), report=report)
