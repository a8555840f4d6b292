"""One's own account: password, second factor, tokens, language, large print, own data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.forms import attempt, posted
from gongzhi.people import actions, queries
from gongzhi.people.choices import POWERS
from gongzhi.people.forms import PersonalDataForm, PreferencesForm, TokenForm
from gongzhi.people.preferences import set_cookies
from gongzhi.people.retention import retention

both = require_http_methods(["GET", "HEAD", "POST"])


@access(face="account")
@never_cache
def own_account(request: HttpRequest) -> HttpResponse:
    """Show one's own account."""
    actor = actor_of(request)
    me = queries.get_person(actor, actor.account or 0)
    account = queries.get_account(me.id)
    preferences = PreferencesForm(
        initial={"language": account.language, "large_print": account.large_print}
        if account
        else None
    )
    context = {"me": me, "preferences": preferences, "tokens": queries.tokens_of(me.id)}
    return render(request, "people/own.html", context)


@access(face="account")
@both
@sensitive_post_parameters("name", "phone", "id_number", "address")
def own_data(request: HttpRequest) -> HttpResponse:
    """Correct or remove one's own personal data (PIPL 45–47)."""
    actor = actor_of(request)
    form = PersonalDataForm(posted(request))
    if attempt(form, lambda _data: _store(actor, form.values())):
        messages.success(request, _("您的信息已保存（加密）"))
        return redirect("people:own")
    context = {"form": form, "me": queries.get_person(actor, actor.account or 0)}
    return render(request, "people/own_data.html", context, status=422 if form.errors else 200)


def _store(actor: Actor, values: dict[str, str]) -> bool:
    actions.store_personal_data(actor=actor, account=actor.account or 0, values=values)
    return True


@access(face="account")
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep language and print size with the account and in this browser."""
    form = PreferencesForm(request.POST)
    response = redirect("people:own")
    if attempt(form, lambda data: _prefer(actor_of(request), data)):
        set_cookies(response, form.cleaned_data["language"], form.cleaned_data["large_print"])
        messages.success(request, _("已保存"))
    else:
        messages.error(request, _("请从列表中选择语言"))
    return response


def _prefer(actor: Actor, data: dict[str, Any]) -> bool:
    actions.set_preferences(actor=actor, **data)
    return True


@access(face="account")
@never_cache
@both
def new_token(request: HttpRequest) -> HttpResponse:
    """Issue a token and show it, this once."""
    actor = actor_of(request)
    powers = [(key, label) for key, label in POWERS.items() if actor.has(key)]
    start = {"days": retention().token_days}
    form = TokenForm(posted(request), powers=powers, initial=start)
    issued = attempt(form, lambda data: actions.issue_token(actor=actor, **data))
    context = {"form": form, "issued": issued}
    return render(request, "people/token.html", context, status=422 if form.errors else 200)


@access(face="account")
@require_POST
def revoke_token(request: HttpRequest, token: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    actions.revoke_token(actor=actor_of(request), token=token)
    messages.success(request, _("令牌已停用"))
    return redirect("people:own")
