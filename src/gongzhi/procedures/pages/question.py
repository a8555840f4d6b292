"""The page behind a question's link, and what staff do with a question that was asked."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.kernel import clock
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.kernel.errors import Conflict, GongzhiError, InvalidInput
from gongzhi.kernel.forms import posted, show
from gongzhi.procedures import actions, queries
from gongzhi.procedures.errors import LinkDead, TooManyLinks
from gongzhi.procedures.forms import AnswerForm
from gongzhi.procedures.pages.case import after

both = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@access(face="reporter")
@both
def question(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what is asked and take the answer; a link that is over says so, whatever it was."""
    _guard(request)
    try:
        asked = queries.asked_outside(secret)
        given = posted(request)
        form = AnswerForm(given, request.FILES if given is not None else None, photos=asked.photos)
        if form.is_valid() and _taken(form, asked, secret):
            return redirect("procedures:question_answered")
    except LinkDead:
        return _answer(request, {"typed": request.POST.get("words", "")}, status=404)
    status = 422 if form.is_bound else 200
    return _answer(request, {"asked": asked, "form": form, "secret": secret}, status=status)


def _taken(form: AnswerForm, asked: queries.AskedOutside, secret: str) -> bool:
    """Take the answer; what is wrong with it is shown in the form, that the link is over is not."""
    try:
        actions.answer_question(actor=asked.answers_as, secret=secret, **form.cleaned_data)
    except (InvalidInput, Conflict) as error:
        show(form, error)
        return False
    return True


def _guard(request: HttpRequest) -> None:
    """Raise `TooManyLinks` for an address that opens too many, right ones and wrong ones alike."""
    address = get_adapter().get_client_ip(request)
    if until := actions.count_link_visit(actor=ANONYMOUS, address=address):
        seconds = int((until - clock.now()).total_seconds()) + 1
        raise TooManyLinks(seconds=seconds, mend=_("请过一会儿再打开"))


def _answer(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Show the page to its reader alone: no search engine keeps it."""
    response = render(request, "procedures/question.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@access(face="public")
@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    """Say thanks, at an address that can be opened again without sending anything."""
    return _answer(request, {"done": True})


@access(face="account")
@require_POST
def manage(request: HttpRequest, question: int, what: str) -> HttpResponse:
    """Keep a question open for longer, or take it back."""
    if what not in actions.QUESTION_ACTIONS:
        raise Http404
    try:
        actions.QUESTION_ACTIONS[what](actor=actor_of(request), question=question)
    except GongzhiError as error:
        messages.error(request, str(error))
    return after(request, request.POST.get("reference", ""))
