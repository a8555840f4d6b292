"""The desk's pages of disputes, and what a dispute shows on the page of its case."""

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
from gongzhi.mediation.choices import AGREEMENT, DISPUTE, HANDLE, MEDIATION, REVIEW, SEE
from gongzhi.mediation.pages.common import chosen_area, form_key, status_of, tabs
from gongzhi.mediation.queries import DisputeDetail
from gongzhi.procedures.choices import Doing, Face, Step


@never_cache
@access(SEE, face="desk")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the disputes the reader may see."""
    actor, status = actor_of(request), status_of(request)
    page = queries.list_disputes(actor, status=status, cursor=request.GET.get("cursor", ""))
    counted = tabs(status, queries.count_disputes(actor))
    context = {"page": page, "tabs": counted, "may_register": actor.has(HANDLE)}
    return render(request, "mediation/disputes.html", context)


@never_cache
@access(HANDLE, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a dispute on record; then its page opens."""
    form, area = forms.DisputeForm(posted(request)), chosen_area(request, HANDLE)
    opened = attempt(form, lambda data: _register(request, form, data))
    if opened:
        return redirect("procedures:case", opened.reference)
    context = {"form": form, "area": area, "key": form_key(request)}
    return render(request, "mediation/new_dispute.html", context)


def _register(request: HttpRequest, form: forms.DisputeForm, data: dict[str, Any]) -> Any:
    new = actions.NewDispute(
        kind=data["kind"],
        area=chosen_area(request, HANDLE),
        about=data["about"],
        parties=form.parties(),
        submit_key=form_key(request),
    )
    return actions.register_dispute(actor=actor_of(request), new=new)


@access(SEE, face="desk")
@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead whoever may see the dispute on to the page of its case."""
    return redirect(
        "procedures:case", queries.case_of(actor_of(request), reference, DISPUTE).reference
    )


# --- beside the moves of the case ----------------------------------------------------------------
def _asked(kind: str) -> Any:
    return lambda _actor, record: kind in record.wanted


def _with(action: Any) -> Any:
    def call(doing: Doing) -> Any:
        return action(actor=doing.actor, reference=doing.record.state.reference, **doing.data)

    return call


_STEPS: tuple[Step, ...] = (
    Step(
        "record_mediation",
        _("记一次调解"),
        _asked(MEDIATION),
        _with(actions.record_mediation),
        forms.MediationForm,
    ),
    Step(
        "record_agreement",
        _("登记协议"),
        _asked(AGREEMENT),
        _with(actions.record_agreement),
        forms.AgreementForm,
    ),
    Step(
        "record_review",
        _("记回访"),
        _asked(REVIEW),
        _with(actions.record_review),
        forms.ReviewForm,
    ),
    Step(
        "add_party",
        _("加一方当事人"),
        lambda _actor, record: record.handled and not record.erased,
        _with(actions.add_party),
        forms.PartyForm,
        moves=False,
    ),
    Step(
        "reveal",
        _("查看当事人（须说明用途）"),
        lambda _actor, record: record.revealable,
        _with(actions.reveal_parties),
        forms.RevealForm,
        moves=False,
        answers=True,
    ),
)


def _context(actor: Actor, record: DisputeDetail) -> dict[str, Any]:
    return {"dispute": record, "may_list": actor.has(SEE)}


FACE = Face("mediation/dispute.html", queries.dispute_for, actions.move_record, _context, _STEPS)
