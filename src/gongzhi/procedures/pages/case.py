"""The page of a case: what it is about, what happened, where it stands, what can be done next.

Every subject shares it: a `Face` says what the subject shows above and does beside the moves.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gongzhi.kernel import parts
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import GongzhiError
from gongzhi.kernel.forms import attempt
from gongzhi.procedures import actions, queries
from gongzhi.procedures.choices import FACES, Doing, Part, Step
from gongzhi.procedures.forms import MoveForm, move_form, propose
from gongzhi.procedures.pages.asked import questions_told
from gongzhi.procedures.pages.steps import form_of, step_of, steps_for
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.queries.children import children_told, parent_of
from gongzhi.procedures.queries.pictures import drawing_of

_HOME = "matters:inbox"


@never_cache
@access(face="account")
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one case."""
    record = _record(actor_of(request), reference)
    if reference != record.state.reference:
        return redirect("procedures:case", record.state.reference)
    return _page(request, record)


def _record(actor: Actor, reference: str) -> Any:
    """Return the subject's own record of a case that *actor* may see; raise `CaseUnknown`."""
    state = queries.case_by_reference(actor, reference)
    return FACES[state.subject].find(actor, state)


@never_cache
@access(face="account")
@require_POST
def move(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    """Make a move with what was filled in; what cannot be accepted comes back as it was typed."""
    actor = actor_of(request)
    record = _record(actor, reference)
    state = record.state
    found = next((m for m in queries.next_moves(actor, state) if m.key == move), None)
    asked = found.form if found else ()
    form = move_form(asked, state.area, prefix=move, data=request.POST, files=request.FILES)
    done = attempt(form, lambda _data: _make(request, record, move, form))
    if done or found is None:
        _say(request, form, _("已办：%(move)s") % {"move": found.name if found else ""})
        return after(request, reference)
    return _page(request, record, open_form=(move, form))


def _make(request: HttpRequest, record: Any, move: str, form: MoveForm) -> Any:
    """Make the move and attach its photos in one action: refused, neither happens."""
    return FACES[record.state.subject].move(
        actor=actor_of(request),
        reference=record.state.reference,
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
        record = _record(actor_of(request), reference)
    except GongzhiError:
        return parts.go(request, _HOME)
    again = parts.wanted(request)
    return _page(request, record) if again else redirect("procedures:case", reference)


@never_cache
@access(face="account")
@require_POST
def step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Do what is no move: pause, object, rule, cancel, reopen, and what the subject offers."""
    record = _record(actor_of(request), reference)
    found = step_of(record.state.subject, step)
    if found is None:
        raise Http404
    form = form_of(found, record, request.POST)
    done = attempt(form, lambda data: _do(request, found, record, data))
    if done is None:
        return _page(request, record, open_form=(step, form))
    if found.answers:
        return _page(request, record, told={found.key: done})
    messages.success(request, _("已办：%(move)s") % {"move": found.name})
    return after(request, reference)


def _do(request: HttpRequest, step: Step, record: Any, data: dict[str, Any]) -> Any:
    area = max(request.POST.getlist("area"), key=len, default="")[:20]
    done = step.call(Doing(actor_of(request), record, data, area))
    return True if done is None else done


@access(face="account")
@require_POST
def item(request: HttpRequest, item: int, what: str) -> HttpResponse:
    """Claim or release one item and go back to where the button stood."""
    if what not in actions.ITEM_ACTIONS:
        raise Http404
    try:
        actions.ITEM_ACTIONS[what](actor=actor_of(request), item=item)
    except GongzhiError as error:
        messages.error(request, str(error))
    reference = request.POST.get("reference", "")
    if parts.wanted(request) and reference:
        return after(request, reference)
    target = request.POST.get("next", "")
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if safe else _HOME)


# --- the page ----------------------------------------------------------------------------------
def _page(
    request: HttpRequest,
    record: Any,
    *,
    open_form: tuple[str, Any] | None = None,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    actor, state = actor_of(request), record.state
    face = FACES[state.subject]
    steps = _steps(actor, record, open_form)
    return parts.show(
        request,
        face.template,
        {
            "record": record,
            "told": told or {},
            "moves": _proposed(record, _moves(actor, state, open_form)),
            "replies": face.replies(record) if face.replies else [],
            "steps": [one for one in steps if one["step"].moves],
            "tools": {one["step"].key: one for one in steps if not one["step"].moves},
            "items": _items(actor, state),
            "questions": questions_told(actor, state),
            "recusals": queries.recusals_of(state),
            "aside": actor.account in state.recused,
            **_family(actor, state),
            **_standing(state),
            **(face.context(actor, record) if face.context else {}),
        },
        part="aside",
        refused=open_form is not None,
    )


def _standing(state: CaseState) -> dict[str, Any]:
    """Return what the page tells of the case, whoever reads it."""
    return {
        "state": state,
        "drawing": drawing_of(state),
        "timeline": _timeline(state),
        "lead": _labels(state, Part.LEAD, Part.FAN),
        "assist": _labels(state, Part.ASSIST),
        "tag": state.light or "open" if state.is_open else state.outcome_kind or "closed",
    }


def _family(actor: Actor, state: CaseState) -> dict[str, Any]:
    """Return the case above and the cases below, as far as the reader sees them."""
    opens = any(one.spawn for one in queries.definition_for(state).stages.values())
    return {
        "parent": parent_of(actor, state),
        "children": children_told(actor, state) if opens else [],
    }


def _labels(state: CaseState, *parts: str) -> str:
    found = [
        f"{h.label}（{h.claimer}）" if h.claimer and h.claimer != h.label else h.label
        for h in state.holdings
        if h.part in parts
    ]
    return "、".join(dict.fromkeys(found))


def _moves(
    actor: Actor, state: CaseState, open_form: tuple[str, Any] | None
) -> list[dict[str, Any]]:
    """Return the next moves, each with its form; the one that failed with what was typed."""
    found = []
    for one in queries.next_moves(actor, state):
        typed = open_form is not None and open_form[0] == one.key
        form = (
            open_form[1] if typed and open_form else move_form(one.form, state.area, prefix=one.key)
        )
        found.append(
            {
                "key": one.key,
                "name": one.name,
                "note": _note(one),
                "allowed": one.allowed,
                "answers": _answer_field(one),
                "asked": one.form if one.allowed else (),
                "form": form,
                "open": typed,
            }
        )
    return found


def _proposed(record: Any, moves: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let the forms that ask for an organisation say who did such work before."""
    likely = FACES[record.state.subject].likely
    asking = [m for m in moves if any(one.type == "organisation" for one in m["asked"])]
    told = likely(record) if likely and asking else ()
    for one in asking if told else ():
        propose(one["form"], one["asked"], told)
    return moves


def _note(move: queries.NextMove) -> str:
    """Return why a move is closed, or where it leads when its name does not say so already."""
    if not move.allowed:
        return move.reason
    return "" if move.target_name == move.name else move.target_name


def _answer_field(move: queries.NextMove) -> str:
    """Return the field in which a move that comes with a result answers the reporter, or ''."""
    told = {field.key for field in move.form if field.public and field.type == "choice"}
    answers = [field.key for field in move.form if field.public and field.type == "long_text"]
    return answers[0] if told and answers and move.allowed else ""


def _steps(actor: Actor, record: Any, open_form: tuple[str, Any] | None) -> list[dict[str, Any]]:
    found = []
    for one in steps_for(record.state.subject):
        if one.shown(actor, record):
            typed = open_form is not None and open_form[0] == one.key
            form = open_form[1] if typed and open_form else form_of(one, record)
            found.append({"step": one, "form": form, "open": typed})
    return found


def _timeline(state: CaseState) -> list[dict[str, Any]]:
    """Return what happened, newest first; the log's own order decides within one moment."""
    return [
        {
            "at": one.at,
            "what": one.sentence,
            "note": "；".join(f"{said.label}：{said.words}" for said in one.said if said.words),
        }
        for one in reversed(queries.timeline(state))
    ]


def _items(actor: Actor, state: CaseState) -> list[dict[str, Any]]:
    """Return the items the actor may take from the pool or give back."""
    return [
        {
            "id": h.id,
            "what": "release" if h.claimed_by else "claim",
            "label": _("退回待认领") if h.claimed_by else _("认领"),
        }
        for h in queries.mine(actor, state.holdings)
        if h.pool
    ]
