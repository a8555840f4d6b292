"""The desk's pages of people: list, opening an account, looking into it, closing it."""

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
from gongzhi.kernel.forms import asked, attempt, posted
from gongzhi.people import actions, queries
from gongzhi.people.choices import FIELDS
from gongzhi.people.forms import (
    ChangePersonForm,
    NewPersonForm,
    PersonalDataForm,
    ResetPasswordForm,
    RevealForm,
)

both = require_http_methods(["GET", "HEAD", "POST"])


def person_page(account: int) -> HttpResponse:
    """Go to a person's page, which the app above draws together with the posts."""
    return redirect("organisations:person", account=account)


@access("people.see", face="desk")
def people_list(request: HttpRequest) -> HttpResponse:
    """List people one may see, masked; search by phone, name or user name."""
    actor = actor_of(request)
    words = asked(request, "q").get("q", "")
    page = queries.list_people(actor, words=words, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "words": words, "may_add": actor.has("people.manage")}
    return render(request, "people/list.html", context)


@access("people.manage", face="desk")
@both
@sensitive_post_parameters("password")
def new_person(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    form = NewPersonForm(posted(request))
    actor = actor_of(request)
    account = attempt(form, lambda data: _open(actor, form, data))
    if account is not None:
        messages.success(request, _("已登记，可以继续安排岗位"))
        return person_page(account)
    return render(request, "people/new.html", {"form": form}, status=422 if form.errors else 200)


def _open(actor: Actor, form: NewPersonForm, data: dict[str, Any]) -> int:
    new = actions.NewAccount(
        username=data["username"],
        area=data["area"],
        display_name=data["display_name"],
        is_staff_member=data["is_staff_member"],
        password=data["password"],
        must_change_password=True,
        personal=form.personal(),
    )
    return actions.open_account(actor=actor, new=new)


@access("people.manage", face="desk")
@both
def change_person(request: HttpRequest, account: int) -> HttpResponse:
    """Change the public side of an account."""
    actor = actor_of(request)
    person = queries.get_person(actor, account)
    start = {
        "display_name": person.display_name,
        "area": person.area,
        "is_staff_member": person.is_staff_member,
    }
    form = ChangePersonForm(posted(request), initial=start)
    done = attempt(form, lambda data: _change(actor, account, data))
    if done:
        return person_page(account)
    return _form_page(request, _("修改账号"), form, account)


def _change(actor: Actor, account: int, data: dict[str, Any]) -> bool:
    actions.change_account(actor=actor, account=account, changes=data)
    return True


def _form_page(request: HttpRequest, title: str, form: Any, account: int) -> HttpResponse:
    person = queries.get_person(actor_of(request), account)
    context = {"title": title, "form": form, "person": person}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


@access("people.manage", face="desk")
@both
@sensitive_post_parameters("name", "phone", "id_number", "address")
def personal_data(request: HttpRequest, account: int) -> HttpResponse:
    """Enter, correct or remove personal data of somebody one manages."""
    actor = actor_of(request)
    queries.get_person(actor, account)
    form = PersonalDataForm(posted(request))
    if attempt(form, lambda _data: _store(actor, account, form.values())):
        messages.success(request, _("个人信息已保存（加密）"))
        return person_page(account)
    return _form_page(request, _("登记或更正个人信息"), form, account)


def _store(actor: Actor, account: int, values: dict[str, str]) -> bool:
    actions.store_personal_data(actor=actor, account=account, values=values)
    return True


@access("people.reveal", face="desk")
@never_cache
@both
def reveal(request: HttpRequest, account: int) -> HttpResponse:
    """Show personal data unmasked, once, for a reason that is kept."""
    actor = actor_of(request)
    person = queries.get_person(actor, account)
    form = RevealForm(posted(request))
    found = attempt(form, lambda data: _reveal(actor, account, data))
    shown = [(label, found[key]) for key, label in FIELDS if key in found] if found else []
    context = {"person": person, "form": form, "shown": shown, "revealed": found is not None}
    return render(request, "people/reveal.html", context, status=422 if form.errors else 200)


def _reveal(actor: Actor, account: int, data: dict[str, Any]) -> dict[str, str]:
    return actions.reveal_personal_data(
        actor=actor,
        account=account,
        fields=data["fields_wanted"],
        reason=data["reason"],
        words=data["words"],
    )


@access("people.manage", face="desk")
@require_POST
def close_person(request: HttpRequest, account: int) -> HttpResponse:
    """Close an account."""
    queries.get_person(actor_of(request), account)
    actions.close_account(actor=actor_of(request), account=account)
    messages.success(request, _("账号已停用，其登录与令牌立即失效"))
    return person_page(account)


@access("people.manage", face="desk")
@require_POST
def reopen_person(request: HttpRequest, account: int) -> HttpResponse:
    """Open a closed account again."""
    queries.get_person(actor_of(request), account)
    actions.reopen_account(actor=actor_of(request), account=account)
    messages.success(request, _("账号已恢复"))
    return person_page(account)


@access("security.manage", face="desk")
@both
@sensitive_post_parameters("password")
def reset_password(request: HttpRequest, account: int) -> HttpResponse:
    """Set somebody's password for one sign-in."""
    actor = actor_of(request)
    queries.get_person(actor, account)
    form = ResetPasswordForm(posted(request))
    if attempt(form, lambda data: _reset(actor, account, data["password"])):
        messages.success(request, _("已设置临时密码，本人登录后须修改"))
        return person_page(account)
    return _form_page(request, _("重置密码"), form, account)


def _reset(actor: Actor, account: int, password: str) -> bool:
    actions.reset_password(actor=actor, account=account, password=password)
    return True


@access("security.manage", face="desk")
@require_POST
def reset_second_factor(request: HttpRequest, account: int) -> HttpResponse:
    """Take the second factor away from somebody who lost it."""
    queries.get_person(actor_of(request), account)
    actions.reset_second_factor(actor=actor_of(request), account=account)
    messages.success(request, _("动态口令已清除，本人下次登录时重新设置"))
    return person_page(account)
