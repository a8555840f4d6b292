"""The counsellors' pages, and what a consultation shows on the page of its case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.forms import attempt, posted
from gongzhi.mediation import actions, forms, queries
from gongzhi.mediation.choices import CONSULTATION, HANDLE_COUNSELLING, SEE_COUNSELLING, TALK
from gongzhi.mediation.pages.common import chosen_area, form_key, status_of, tabs
from gongzhi.mediation.queries import ConsultationDetail
from gongzhi.procedures.choices import Doing, Face, Step


@never_cache
@access(SEE_COUNSELLING, face="desk")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the consultations a counsellor may see."""
    actor, status = actor_of(request), status_of(request)
    page = queries.list_consultations(actor, status=status, cursor=request.GET.get("cursor", ""))
    counted = tabs(status, queries.count_consultations(actor))
    context = {"page": page, "tabs": counted, "may_register": actor.has(HANDLE_COUNSELLING)}
    return render(request, "mediation/consultations.html", context)


@never_cache
@access(HANDLE_COUNSELLING, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a consultation on record; then its page opens."""
    form = forms.ConsultationForm(posted(request))
    area = chosen_area(request, HANDLE_COUNSELLING)
    opened = attempt(form, lambda data: _register(request, data, area))
    if opened:
        return redirect("procedures:case", opened.reference)
    context = {"form": form, "area": area, "key": form_key(request)}
    return render(request, "mediation/new_consultation.html", context)


def _register(request: HttpRequest, data: dict[str, Any], area: str) -> Any:
    new = actions.NewConsultation(area=area, submit_key=form_key(request), **data)
    return actions.register_consultation(actor=actor_of(request), new=new)


@access(SEE_COUNSELLING, face="desk")
@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead a counsellor on to the page of the case."""
    return redirect(
        "procedures:case", queries.case_of(actor_of(request), reference, CONSULTATION).reference
    )


# --- beside the moves of the case ----------------------------------------------------------------
def _with(action: Any) -> Any:
    def call(doing: Doing) -> Any:
        return action(actor=doing.actor, reference=doing.record.state.reference, **doing.data)

    return call


_STEPS: tuple[Step, ...] = (
    Step(
        "record_talk",
        _("记一次谈话"),
        lambda _actor, record: TALK in record.wanted,
        _with(actions.record_talk),
        forms.TalkForm,
    ),
    Step(
        "reveal",
        _("查看本人（须说明用途）"),
        lambda _actor, record: record.revealable,
        _with(actions.reveal_person),
        forms.RevealForm,
        moves=False,
        answers=True,
    ),
)


def _context(_actor: Actor, record: ConsultationDetail) -> dict[str, Any]:
    return {"consultation": record}


FACE = Face(
    "mediation/consultation.html",
    queries.consultation_for,
    actions.move_record,
    _context,
    _STEPS,
)
