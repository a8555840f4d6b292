"""The case page: the matter, what happened, where it stands, and what can be done next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gongzhi.kernel import codes
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import GongzhiError
from gongzhi.kernel.forms import attempt
from gongzhi.matters import actions, queries
from gongzhi.matters.choices import SEE
from gongzhi.matters.forms import MoveForm, move_form
from gongzhi.matters.pages import parts, pictures, told
from gongzhi.matters.pages.steps import STEPS, Doing, Step, form_of, step_of
from gongzhi.matters.queries import Filters, MatterDetail
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import Part
from gongzhi.procedures.queries.pictures import drawing_of

_COMMUNITY = codes.LENGTHS["community"]


@never_cache
@access(SEE, face="desk")
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one matter."""
    matter = queries.get_matter(actor_of(request), reference)
    if reference != matter.reference:
        return redirect("matters:case", matter.reference)
    return _page(request, matter)


@never_cache
@access(SEE, face="desk")
@require_POST
def move(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    """Make a move with what was filled in; what cannot be accepted comes back as it was typed."""
    actor = actor_of(request)
    matter = queries.get_matter(actor, reference)
    found = next((m for m in procedures.next_moves(actor, matter.state) if m.key == move), None)
    asked = found.form if found else ()
    form = move_form(asked, matter.area, prefix=move, data=request.POST, files=request.FILES)
    done = attempt(form, lambda _data: _make(request, matter, move, form))
    if done or found is None:
        _say(request, form, _("已办：%(move)s") % {"move": found.name if found else ""})
        return after(request, reference)
    return _page(request, matter, open_form=(move, form))


def _make(request: HttpRequest, matter: MatterDetail, move: str, form: MoveForm) -> Any:
    """Make the move and attach its photos in one action: refused, neither happens."""
    return actions.move_matter(
        actor=actor_of(request),
        reference=matter.reference,
        move=move,
        data=form.answers(),
        revision=_revision(request),
        photos=form.photos(),
    )


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _say(request: HttpRequest, form: Any, done: str) -> None:
    wrong = [str(text) for texts in form.errors.values() for text in texts]
    for text in wrong:
        messages.error(request, text)
    if not wrong:
        messages.success(request, done)


def after(request: HttpRequest, reference: str) -> HttpResponse:
    """Go back to the case as it is now, or to the inbox when it has left the reader's sight."""
    try:
        matter = queries.get_matter(actor_of(request), reference)
    except GongzhiError:
        return parts.go(request, "matters:inbox")
    return _page(request, matter) if parts.wanted(request) else redirect("matters:case", reference)


@never_cache
@access(SEE, face="desk")
@require_POST
def step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Do what is no move: pause, object, rule, cancel, reopen, place, classify, reveal."""
    actor, found = actor_of(request), step_of(step)
    matter = queries.get_matter(actor, reference)
    if found is None:
        raise Http404
    form = form_of(found, matter, request.POST)
    done = attempt(form, lambda data: _do(request, found, matter, data))
    if done is None:
        return _page(request, matter, open_form=(step, form))
    if step == "reveal":
        return _page(request, matter, revealed=done)
    messages.success(request, _("已办：%(move)s") % {"move": found.name})
    return after(request, reference)


def _do(request: HttpRequest, step: Step, matter: MatterDetail, data: dict[str, Any]) -> Any:
    area = max(request.POST.getlist("area"), key=len, default="")[:20]
    done = step.call(Doing(actor_of(request), matter, data, area))
    return True if done is None else done


@access(SEE, face="desk")
@require_safe
def photo(request: HttpRequest, reference: str, photo: int, size: str) -> HttpResponse:
    """Answer a photo of a matter the reader may see."""
    small = pictures.is_small(size)
    return pictures.picture(queries.photo_for(actor_of(request), reference, photo, thumbnail=small))


# --- the page ----------------------------------------------------------------------------------
def _page(
    request: HttpRequest,
    matter: MatterDetail,
    *,
    open_form: tuple[str, Any] | None = None,
    revealed: dict[str, str] | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    steps = _steps(actor, matter, open_form)
    return parts.show(
        request,
        "matters/case.html",
        {
            "matter": matter,
            "moves": _moves(actor, matter, open_form),
            "revealed": revealed,
            "steps": [one for one in steps if one["step"].moves],
            "tools": {one["step"].key: one for one in steps if not one["step"].moves},
            "items": _items(actor, matter),
            "related": _related(actor, matter),
            **_told(matter),
        },
        part="aside",
        refused=open_form is not None,
    )


def _told(matter: MatterDetail) -> dict[str, Any]:
    """Return what the page tells of the matter, whoever reads it."""
    state = matter.state
    return {
        "state": state,
        "drawing": drawing_of(state),
        "timeline": _timeline(matter),
        "lead": _labels(state, Part.LEAD, Part.FAN),
        "assist": _labels(state, Part.ASSIST),
        "photos": pictures.shown(matter.photos, "matters:photo", matter.reference),
        "community": state.area[:_COMMUNITY],
        "tag": _tag(matter),
    }


def _tag(matter: MatterDetail) -> str:
    state = matter.state
    return state.light or "open" if state.is_open else state.outcome_kind or "closed"


def _labels(state: Any, *parts: str) -> str:
    found = [
        f"{h.label}（{h.claimer}）" if h.claimer and h.claimer != h.label else h.label
        for h in state.holdings
        if h.part in parts
    ]
    return "、".join(dict.fromkeys(found))


def _moves(
    actor: Actor, matter: MatterDetail, open_form: tuple[str, Any] | None
) -> list[dict[str, Any]]:
    """Return the next moves, each with its form; the one that failed with what was typed."""
    found = []
    for one in procedures.next_moves(actor, matter.state):
        typed = open_form is not None and open_form[0] == one.key
        form = (
            open_form[1]
            if typed and open_form
            else move_form(one.form, matter.area, prefix=one.key)
        )
        note = one.reason if not one.allowed else one.target_name
        found.append(
            {
                "key": one.key,
                "name": one.name,
                "note": note,
                "allowed": one.allowed,
                "form": form,
                "open": typed,
            }
        )
    return found


def _steps(
    actor: Actor, matter: MatterDetail, open_form: tuple[str, Any] | None
) -> list[dict[str, Any]]:
    found = []
    for one in STEPS:
        if one.shown(actor, matter):
            typed = open_form is not None and open_form[0] == one.key
            form = open_form[1] if typed and open_form else form_of(one, matter)
            found.append({"step": one, "form": form, "open": typed})
    return found


def _timeline(matter: MatterDetail) -> list[dict[str, Any]]:
    """Return what happened, newest first; the log's own order decides within one moment."""
    return [
        {
            "at": one.at,
            "what": told.what(one),
            "note": "；".join(f"{said.label}：{said.words}" for said in one.said if said.words),
        }
        for one in reversed(procedures.timeline(matter.state))
    ]


def _items(actor: Actor, matter: MatterDetail) -> list[dict[str, Any]]:
    """Return the items the actor may take from the pool or give back."""
    return [
        {
            "id": h.id,
            "what": "release" if h.claimed_by else "claim",
            "label": _("退回待认领") if h.claimed_by else _("认领"),
        }
        for h in procedures.mine(actor, matter.state.holdings)
        if h.pool
    ]


def _related(actor: Actor, matter: MatterDetail) -> dict[str, Any] | None:
    """Return how many of the same kind the reader sees in this community."""
    known = queries.category_book().categories.get(matter.category)
    if known is None or not known.parent:
        return None
    area = matter.area[:_COMMUNITY]
    asked = Filters(category=known.parent, area=area)
    return {
        "count": queries.counts(actor, asked).total,
        "area": area,
        "category": known.parent,
        "name": queries.category_name(known.parent),
    }
