"""Staff enter what somebody says at the window, on the phone or at the door: by keyboard alone."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongzhi.areas import queries as areas
from gongzhi.kernel import codes, sources
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.forms import attempt, posted
from gongzhi.matters import actions
from gongzhi.matters.choices import LONGEST_WORDS, REPORT, Channel
from gongzhi.matters.forms import NewMatterForm

_ENTERED = "entered"
Entered = actions.Reported | actions.Joined


@never_cache
@access(REPORT, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a report for somebody; then the page shows its code and is ready for the next."""
    draft = _draft(request)
    start = _start(request, draft)
    form = NewMatterForm(posted(request), request.FILES or None, initial=start)
    done = attempt(form, lambda data: _entered(request, data))
    if done:
        return redirect(f"{reverse('matters:new')}?done={done.reference}")
    return render(request, "matters/new.html", {"form": form, **_around(request, draft)})


def _around(request: HttpRequest, draft: sources.Draft | None) -> dict[str, Any]:
    return {
        "area": _area(request, draft),
        "draft": draft,
        "source": _source(request),
        "district": next(iter(areas.districts()), None),
        "key": request.POST.get("key") or secrets.token_hex(32),
        "last": _last(request),
    }


def _source(request: HttpRequest) -> str:
    """Return the name of the record that the report is drafted from, '' for none."""
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("source", "")[: sources.LONGEST]


def _draft(request: HttpRequest) -> sources.Draft | None:
    """Return what was written before elsewhere; what is sent is read from the form alone."""
    source = _source(request)
    if not source or request.method == "POST":
        return None
    return sources.draft_of(actor_of(request), source)


def _start(request: HttpRequest, draft: sources.Draft | None) -> dict[str, str]:
    """Return what the form begins with: a draft, or the channel asked for, else the one used last.

    A clerk stays at one desk.
    """
    if draft:
        texts = {"words": draft.words, "place_text": draft.place_text}
        return {**texts, "channel": Channel.VISIT.value}
    last = request.session.get(_ENTERED) or {}
    return {"channel": request.GET.get("channel") or last.get("channel", "")}


def _last(request: HttpRequest) -> dict[str, str] | None:
    """Return what was entered just now, also when the page is loaded again."""
    last = request.session.get(_ENTERED)
    return last if last and last["reference"] == request.GET.get("done") else None


def _area(request: HttpRequest, draft: sources.Draft | None = None) -> str:
    """Return the deepest area chosen; before that, the draft's or the narrowest post's."""
    if draft:
        return draft.area[: codes.LENGTHS["grid"]]
    if request.method == "POST":
        return max(request.POST.getlist("area"), key=len, default="")[:20]
    return max(actor_of(request).areas_for(REPORT), key=len, default="")


def _entered(request: HttpRequest, data: dict[str, Any]) -> Entered:
    """Enter a report, or what the clerk chose to add to a matter on record; remember its code."""
    followed = request.POST.get("follow", "")[:40]
    done = _follow(request, followed, data) if followed else _report(request, data)
    request.session[_ENTERED] = {
        "reference": done.reference,
        "secret": done.secret,
        "channel": data["channel"],
        "followed": bool(followed),
    }
    return done


def _follow(request: HttpRequest, reference: str, data: dict[str, Any]) -> actions.Joined:
    contact = actions.Contact(
        words=data["words"][:LONGEST_WORDS],
        name=data["name"],
        phone=data["phone"],
        channel=data["channel"],
        submit_key=request.POST.get("key", "")[:200],
        photos=tuple(data["photos"]),
    )
    actor = actor_of(request)
    joined = actions.follow_matter(actor=actor, reference=reference, contact=contact)
    if not joined.again:
        left = {"reference": joined.reference, "secret": joined.secret, "email": data["email"]}
        actions.leave_mail(actor=actor, **left)
    return joined


def _report(request: HttpRequest, data: dict[str, Any]) -> actions.Reported:
    served = {district.code for district in areas.districts()}
    area = _area(request)
    report = actions.NewMatter(
        words=data["words"],
        category=data["category"] or request.POST.get("suggested", "")[:40],
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
        source=_source(request),
    )
    return actions.report_matter(actor=actor_of(request), report=report)
