"""Codes of other schemes and named sets of areas at the desk: listed, added, ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.areas import actions, policies, queries
from gongzhi.areas.forms import AliasForm, AreaSetForm, EndForm, MemberForm
from gongzhi.kernel import clock
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.forms import asked, attempt, posted

both = require_http_methods(["GET", "HEAD", "POST"])


# --- codes of other schemes ---------------------------------------------------------------------
@require_safe
@access("areas.see", face="desk")
def alias_list(request: HttpRequest) -> HttpResponse:
    """List which code of another scheme means which area."""
    filters = asked(request, "scheme", "words", "ended")
    page = queries.list_aliases(
        scheme=filters.get("scheme", ""),
        words=filters.get("words", ""),
        ended="ended" in filters,
        cursor=request.GET.get("cursor", ""),
    )
    context = {
        "page": page,
        "filters": filters,
        "schemes": queries.schemes(),
        "may_manage": actor_of(request).has("areas.manage"),
        "today": clock.today(),
    }
    return render(request, "areas/aliases.html", context)


@access("areas.manage", face="desk")
@both
def new_alias(request: HttpRequest) -> HttpResponse:
    """Let a code of another scheme mean an area."""
    start = {"code": request.GET.get("code", "")[:20]}
    form = AliasForm(posted(request), initial=start)
    done = attempt(form, lambda data: _set_alias(actor_of(request), data))
    if done:
        messages.success(request, _("对应关系已登记"))
        return redirect("areas:aliases")
    return _form(request, _("登记外部代码"), form, "areas:aliases")


def _set_alias(actor: Actor, data: dict[str, Any]) -> bool:
    actions.set_alias(actor=actor, **data)
    return True


@access("areas.manage", face="desk")
@require_POST
def end_alias(request: HttpRequest, item: int) -> HttpResponse:
    """End a correspondence today."""
    form = EndForm(request.POST)
    done = attempt(form, lambda data: _end_alias(actor_of(request), item, data["on"]))
    if done:
        messages.success(request, _("对应关系已停用"))
        return redirect("areas:aliases")
    return _form(request, _("停用外部代码"), form, "areas:aliases")


def _end_alias(actor: Actor, alias: int, on: date) -> bool:
    actions.end_alias(actor=actor, alias=alias, on=on)
    return True


# --- named sets ---------------------------------------------------------------------------------
@require_safe
@access("areas.see", face="desk")
def set_list(request: HttpRequest) -> HttpResponse:
    """List the named sets of areas."""
    ended = request.GET.get("ended") == "1"
    context = {
        "sets": queries.list_area_sets(ended=ended),
        "ended": ended,
        "may_manage": actor_of(request).has("areas.manage"),
    }
    return render(request, "areas/sets.html", context)


@access("areas.manage", face="desk")
@both
def new_set(request: HttpRequest) -> HttpResponse:
    """Make a set with its first area."""
    form = AreaSetForm(posted(request))
    made = attempt(form, lambda data: _save(actor_of(request), data, {data["code"]}))
    if made:
        messages.success(request, _("区域组合已建立，请继续加入区域"))
        return redirect("areas:set", item=made)
    return _form(request, _("新建区域组合"), form, "areas:sets")


def _save(actor: Actor, data: dict[str, Any], members: set[str]) -> int:
    return actions.save_area_set(
        actor=actor, name=data["name"], kind=data["kind"], members=members, on=data["on"]
    )


@require_safe
@access("areas.see", face="desk")
def set_page(request: HttpRequest, item: int) -> HttpResponse:
    """Show a set and its areas."""
    return _set_page(request, item, MemberForm())


def _set_page(request: HttpRequest, item: int, form: Any) -> HttpResponse:
    found, actor = queries.get_area_set(item), actor_of(request)
    members = queries.set_members(item)
    allowed = bool(members and policies.can_manage(actor, members))
    context = {
        "found": found,
        "members": [(code, queries.path_name(code)) for code in members],
        "refused": form if form.errors else None,
        "form": form if isinstance(form, MemberForm) else MemberForm(),
        "ending": EndForm(auto_id="ending_%s"),
        "today": clock.today(),
        "may_manage": allowed and found.valid_to is None,
    }
    return render(request, "areas/set.html", context, status=422 if form.errors else 200)


@access("areas.manage", face="desk")
@require_POST
def set_members(request: HttpRequest, item: int) -> HttpResponse:
    """Let one area join a set, or leave it."""
    leaving = request.POST.get("leave", "")
    form: Any = EndForm(request.POST) if leaving else MemberForm(request.POST)
    done = attempt(form, lambda data: _change(actor_of(request), item, data, leaving))
    if done:
        messages.success(request, _("区域组合已更新"))
        return redirect("areas:set", item=item)
    return _set_page(request, item, form)


def _change(actor: Actor, item: int, data: dict[str, Any], leaving: str) -> int:
    found = queries.get_area_set(item)
    members = set(queries.set_members(item, date.max))
    wanted = members - {leaving} if leaving else members | {data["code"]}
    return _save(actor, {"name": found.name, "kind": found.kind, "on": data["on"]}, wanted)


@access("areas.manage", face="desk")
@require_POST
def end_set(request: HttpRequest, item: int) -> HttpResponse:
    """End a set."""
    form = EndForm(request.POST)
    done = attempt(form, lambda data: _end_set(actor_of(request), item, data["on"]))
    if done:
        messages.success(request, _("区域组合已停用"))
        return redirect("areas:sets")
    return _set_page(request, item, form)


def _end_set(actor: Actor, area_set: int, on: date) -> bool:
    actions.end_area_set(actor=actor, area_set=area_set, on=on)
    return True


def _form(request: HttpRequest, title: str, form: Any, back: str) -> HttpResponse:
    context = {"title": title, "form": form, "back": back}
    return render(request, "areas/register_form.html", context, status=422 if form.errors else 200)
