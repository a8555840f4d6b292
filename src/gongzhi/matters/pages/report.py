"""Residents report in three short steps: what, where, how to reach you."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.areas import queries as areas
from gongzhi.kernel import codes
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.forms import attempt, posted
from gongzhi.matters import actions, queries
from gongzhi.matters.choices import MOST_PHOTOS, Channel
from gongzhi.matters.forms import ContactForm, WhatForm, WhereForm
from gongzhi.matters.pages import draft as drafts
from gongzhi.matters.pages.draft import Draft

both = require_http_methods(["GET", "HEAD", "POST"])


def _steps(number: int) -> dict[str, Any]:
    return {"steps": [_("什么事"), _("在哪里"), _("怎么联系您")], "step": number}


@never_cache
@access(face="public")
@both
def ask(request: HttpRequest) -> HttpResponse:
    """The column 我帮你: a neighbour asks for a hand, and it goes the same way as a report."""
    if request.method != "POST":
        return render(request, "matters/ask.html")
    drafts.write(request, Draft(key=drafts.read(request).key, channel=Channel.HELP.value))
    return redirect("matters:report")


@never_cache
@access(face="public")
@both
def what(request: HttpRequest) -> HttpResponse:
    """First step: words, photos, kind."""
    draft = drafts.read(request)
    start = {"words": draft.words, "category": draft.category}
    form = WhatForm(posted(request), request.FILES or None, initial=start)
    if attempt(form, lambda data: _take_what(request, draft, data)):
        return redirect("matters:report_where")
    drafts.write(request, draft)
    asks = draft.channel == Channel.HELP
    context = {"form": form, "photos": len(draft.photos), "asks": asks, **_steps(1)}
    return render(request, "matters/report_what.html", context)


def _take_what(request: HttpRequest, draft: Draft, data: dict[str, Any]) -> bool:
    draft.words, draft.category = data["words"], data["category"]
    if request.POST.get("drop_photos"):
        draft.photos = []
    room = MOST_PHOTOS - len(draft.photos)
    drafts.keep_photos(draft, data["photos"][: max(room, 0)])
    drafts.write(request, draft)
    return True


@never_cache
@access(face="public")
@both
def where(request: HttpRequest) -> HttpResponse:
    """Second step: a point on the map, or street, community and grid, or words."""
    draft = drafts.read(request)
    if not draft.words:
        return redirect("matters:report")
    start = {"lon": draft.lon, "lat": draft.lat, "place_text": draft.place_text}
    form = WhereForm(posted(request), initial=start)
    area = _chosen_area(request) if request.method == "POST" else draft.area
    if attempt(form, lambda data: _take_where(request, draft, area, data)):
        alike = queries.similar_in_public(draft.wanted())
        return redirect("matters:report_similar" if alike else "matters:report_contact")
    context = {"form": form, "area": area, "district": _district(), **_steps(2)}
    return render(request, "matters/report_where.html", context)


def _district() -> Any:
    return next(iter(areas.districts()), None)


def _chosen_area(request: HttpRequest) -> str:
    """Return the deepest area that was chosen: each select sends its own choice."""
    return max(request.POST.getlist("area"), key=len, default="")[:20]


def _take_where(request: HttpRequest, draft: Draft, area: str, data: dict[str, Any]) -> bool:
    deep = codes.is_code(area) and len(area) >= codes.LENGTHS["community"]
    pointed = _pointed(data, area if deep else "")
    draft.lon, draft.lat, draft.place_text = data["lon"], data["lat"], data["place_text"]
    draft.area, draft.placed = area if deep else "", True
    draft.follow = ""
    drafts.write(request, draft)
    if pointed or request.POST.get("skip") or (deep and not request.POST.get("deeper")):
        return True
    # Without scripts the selects come back one level deeper.
    raise InvalidInput(_("请选到社区或网格；说不清的，点“说不清在哪”"))


def _pointed(data: dict[str, Any], area: str) -> bool:
    """Whether a point was given; one outside the district is refused unless an area was chosen."""
    if data["lon"] is None or data["lat"] is None:
        return False
    if not area and areas.locate(data["lon"], data["lat"]) is None:
        mend = _("请把图标移到本区之内，或在下面选择")
        raise InvalidInput(_("这个位置不在本区范围内"), mend=mend)
    return True


@never_cache
@access(face="public")
@both
def similar(request: HttpRequest) -> HttpResponse:
    """Between: what was reported nearby and reads alike, to be followed instead of told again."""
    draft = drafts.read(request)
    if not draft.words or not draft.placed:
        return redirect("matters:report" if not draft.words else "matters:report_where")
    if request.method == "POST":
        _choose(request, draft, request.POST.get("follow", ""))
        return redirect("matters:report_contact")
    found = queries.similar_in_public(draft.wanted())
    draft.offered = [one.reference for one in found]
    drafts.write(request, draft)
    context = {"found": found, "photos": len(draft.photos), **_steps(2)}
    return render(request, "matters/report_similar.html", context)


def _choose(request: HttpRequest, draft: Draft, reference: str) -> None:
    """Remember what is to be followed: only what was offered to these words and this place."""
    draft.follow = reference if reference in draft.offered else ""
    drafts.write(request, draft)


@never_cache
@access(face="public")
@both
def contact(request: HttpRequest) -> HttpResponse:
    """Third step: how to reach the reporter, and sending."""
    draft = drafts.read(request)
    if before := drafts.sent_before(request, request.POST.get("key", "")):
        return redirect("matters:report_sent", *before)
    if not draft.words or not draft.placed:
        return redirect("matters:report" if not draft.words else "matters:report_where")
    form = ContactForm(posted(request), suggested=_suggested(draft))
    sent = attempt(form, lambda data: _send(request, draft, data))
    if sent:
        if form.cleaned_data["email"]:
            messages.info(request, _("已往您的邮箱发了一封确认信，点了里面的链接才会收到进展。"))
        return redirect("matters:report_sent", sent.reference, sent.secret)
    return render(request, "matters/report_contact.html", _last_page(form, draft))


def _suggested(draft: Draft) -> list[queries.Suggestion]:
    """Return what kinds it may be, where nobody has said: shown with the reason, to be chosen."""
    return [] if draft.category or draft.follow else queries.suggestions(draft.words)


def _last_page(form: ContactForm, draft: Draft) -> dict[str, Any]:
    place = areas.path_name(draft.area) if draft.area else draft.place_text
    if draft.lon is not None and draft.lat is not None:
        found = areas.locate(draft.lon, draft.lat)
        place = areas.path_name(found) if found else place
    shown = {"form": form, "draft": draft, "place": place, **_steps(3)}
    if draft.follow:
        shown["followed"] = queries.public_status(draft.follow)
    return shown


def _send(
    request: HttpRequest, draft: Draft, data: dict[str, Any]
) -> actions.Reported | actions.Joined:
    if draft.follow:
        contact = draft.as_contact(data["name"], data["phone"])
        joined = actions.follow_matter(
            actor=actor_of(request), reference=draft.follow, contact=contact
        )
        if not joined.again:
            left = {"reference": joined.reference, "secret": joined.secret, "email": data["email"]}
            actions.leave_mail(actor=actor_of(request), **left)
        drafts.finish(request, draft, joined.reference, joined.secret)
        return joined
    draft.category = draft.category or data.get("category", "")
    report = replace(draft.as_report(data["name"], data["phone"]), email=data["email"])
    sent = actions.report_matter(actor=actor_of(request), report=report)
    drafts.finish(request, draft, sent.reference, sent.secret)
    return sent


@never_cache
@access(face="reporter")
@require_safe
def sent(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """Say the code, who has it now, by when; the link to keep, also as a picture for a camera."""
    view = queries.public_view(reference, secret)
    link = request.build_absolute_uri(_link(reference, secret))
    picture = segno.make(link, error="m").svg_data_uri(scale=4, border=2)
    return render(
        request,
        "matters/report_sent.html",
        {
            "view": view,
            "link": link,
            "picture": picture,
            "secret": secret,
        },
    )


def _link(reference: str, secret: str) -> str:
    return reverse("matters:follow_one", args=[reference, secret])
