"""Residents follow a matter by its code or link, and give their verdict."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.kernel import clock, references
from gongzhi.kernel.access import access
from gongzhi.kernel.actor import REPORTER
from gongzhi.kernel.forms import attempt, posted
from gongzhi.matters import actions, queries
from gongzhi.matters.choices import Satisfaction
from gongzhi.matters.errors import TooManyTries
from gongzhi.matters.forms import FollowForm, VerdictForm
from gongzhi.matters.pages import pictures

both = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@access(face="public")
@both
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code, which alone tells stage and due time; with the digits also the steps."""
    form = FollowForm(posted(request))
    found = attempt(form, lambda data: _looked_up(request, data["reference"], data["digits"]))
    return render(request, "matters/follow.html", {"form": form, **(found or {})})


def _looked_up(request: HttpRequest, reference: str, digits: str) -> dict[str, Any]:
    """Return what may be shown; every try of digits is counted before they are looked at."""
    if not digits:
        return {"status": queries.public_status(reference)}
    wanted = references.check(reference)
    named = {"reference": wanted, "address": get_adapter().get_client_ip(request)}
    if until := actions.count_follow_try(actor=REPORTER, **named):
        seconds = int((until - clock.now()).total_seconds()) + 1
        then = clock.local(until)
        when = f"{then:%H:%M}" if then.date() == clock.today() else f"{then:%m-%d %H:%M}"
        mend = _("请在 %(when)s 之后再试，或用送出时给您的链接") % {"when": when}
        raise TooManyTries(seconds=seconds, mend=mend)
    progress = queries.public_progress(wanted, digits)
    actions.forget_follow_tries(actor=REPORTER, **named)
    return {"status": progress.status, "timeline": _told(progress.timeline)}


@never_cache
@access(face="reporter")
@require_safe
def one(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """Show the reporter's own matter."""
    return _page(request, reference, secret, VerdictForm())


def _page(request: HttpRequest, reference: str, secret: str, form: VerdictForm) -> HttpResponse:
    view = queries.public_view(reference, secret)
    return render(
        request,
        "matters/follow_one.html",
        {
            "view": view,
            "form": form,
            "reference": reference,
            "secret": secret,
            "photos": pictures.shown(view.photos, "matters:follow_photo", reference, secret),
            "timeline": _told(view.timeline),
            "verdict": Satisfaction(view.satisfaction).label if view.satisfaction else "",
        },
    )


def _told(timeline: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return what happened, newest first, each with what was said in public."""
    return [
        {
            "at": entry.at,
            "what": entry.sentence,
            "note": "；".join(said.words for said in entry.said if said.words),
        }
        for entry in reversed(timeline)
    ]


@never_cache
@access(face="reporter")
@both
def verdict(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """Take the reporter's verdict."""
    if request.method != "POST":
        return redirect("matters:follow_one", reference, secret)
    form = VerdictForm(request.POST)
    if attempt(form, lambda data: _judge(reference, secret, data)):
        return redirect("matters:follow_one", reference, secret)
    return _page(request, reference, secret, form)


def _judge(reference: str, secret: str, data: dict[str, Any]) -> Any:
    """Give the verdict; without a grade, solved counts as satisfied, not solved as not."""
    solved = data["solved"] == "1"
    plain = Satisfaction.SATISFIED if solved else Satisfaction.DISSATISFIED
    return actions.give_verdict(
        actor=REPORTER,
        reference=reference,
        secret=secret,
        solved=solved,
        satisfaction=data["satisfaction"] or plain.value,
        words=data["words"],
    )


@access(face="reporter")
@require_safe
def photo(
    _request: HttpRequest, reference: str, secret: str, photo: int, size: str
) -> HttpResponse:
    """Answer a photo to whoever holds the secret."""
    small = pictures.is_small(size)
    file = queries.photo_for(REPORTER, reference, photo, secret=secret, thumbnail=small)
    return pictures.picture(file)
