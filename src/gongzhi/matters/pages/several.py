"""One case for several: matters that repeat another are merged, one that holds several is split."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.kernel import codes
from gongzhi.kernel import parts as answers
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.errors import Conflict, InvalidInput
from gongzhi.kernel.forms import attempt, posted
from gongzhi.matters import actions, policies, queries
from gongzhi.matters.choices import HANDLE, LONGEST_WORDS, REPORT, SEE
from gongzhi.matters.forms import PartsForm


@never_cache
@access(SEE, face="desk")
@require_safe
def several(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what belongs together with a matter and what is like it; htmx gets the part alone."""
    actor = actor_of(request)
    matter = queries.get_matter(actor, reference)
    context = {
        "matter": matter,
        "several": queries.several_of(actor, matter),
        "may_merge": bool(policies.can_merge(actor, matter.state)),
    }
    part = "_several" if answers.wanted(request) else "several"
    return render(request, f"matters/{part}.html", context)


@never_cache
@access(HANDLE, face="desk")
@require_POST
def merge(request: HttpRequest, reference: str) -> HttpResponse:
    """Merge this matter into another, and go on to that one."""
    main = request.POST.get("main", "")[:40]
    actor = actor_of(request)
    done = _tried(
        request, lambda: actions.merge_matters(actor=actor, reference=reference, main=main)
    )
    if done is None:
        return redirect("procedures:case", reference)
    messages.success(request, _("已并成一件，反映人都会收到这件的经过和答复"))
    return redirect("procedures:case", done.reference)


@never_cache
@access(HANDLE, face="desk")
@require_POST
def separate(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a merged matter out again."""
    actor = actor_of(request)
    if _tried(request, lambda: actions.split_off(actor=actor, reference=reference)) is not None:
        messages.success(request, _("已拆回，单独继续办理"))
    return redirect("procedures:case", reference)


def _tried(request: HttpRequest, call: Callable[[], Any]) -> Any:
    """Return what the call does; what stands in its way is told, what is not there is not."""
    try:
        return call()
    except (Conflict, InvalidInput) as error:
        messages.error(request, str(error))
        return None


@never_cache
@access(HANDLE, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def parts(request: HttpRequest, reference: str) -> HttpResponse:
    """Open further matters from one that holds several."""
    matter = queries.get_matter(actor_of(request), reference)
    form = PartsForm(posted(request))
    if attempt(form, lambda _data: _divide(request, reference, form)):
        messages.success(request, _("已拆出，原来的这件继续办理其余部分"))
        return redirect("procedures:case", reference)
    key = request.POST.get("key") or secrets.token_hex(32)
    return render(request, "matters/parts.html", {"matter": matter, "form": form, "key": key})


def _divide(request: HttpRequest, reference: str, form: PartsForm) -> Any:
    given = [actions.NewPart(**part) for part in form.parts()]
    return actions.divide_matter(
        actor=actor_of(request),
        reference=reference,
        parts=given,
        submit_key=request.POST.get("key", "")[:64],
    )


@never_cache
@access(REPORT, face="desk")
@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """Show a clerk who is writing what it may be: kinds, and matters alike within sight."""
    wanted = _wanted(request.POST)
    context = {
        "found": queries.similar_to(actor_of(request), wanted, limit=3),
        "suggested": [] if request.POST.get("category") else queries.suggestions(wanted.words),
        "chosen": request.POST.get("suggested", ""),
    }
    return render(request, "matters/_alike.html", context)


def _wanted(given: QueryDict) -> queries.Wanted:
    area = max(given.getlist("area"), key=len, default="")[:20]
    return queries.Wanted(
        given.get("words", "")[:LONGEST_WORDS],
        (given.get("category") or given.get("suggested") or "")[:40],
        area if codes.is_code(area) else "",
        _degrees(given.get("lon"), 180),
        _degrees(given.get("lat"), 90),
    )


def _degrees(text: str | None, most: int) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if abs(found) <= most else None
