"""Who holds what where: the list of posts; giving, ending, handing over, deputising."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.forms import asked, attempt, posted
from gongzhi.organisations import actions, queries
from gongzhi.organisations.forms import DeputyForm, EndForm, HandOverForm, PostForm

both = require_http_methods(["GET", "HEAD", "POST"])


@access("organisations.see", face="desk")
def post_list(request: HttpRequest) -> HttpResponse:
    """List who holds which role where."""
    actor = actor_of(request)
    filters = asked(request, "role", "area", "all")
    page = queries.list_posts(actor, filters=filters, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "filters": filters,
        "roles": queries.role_book().roles.values(),
        "may_manage": actor.has("posts.manage"),
    }
    return render(request, "organisations/posts.html", context)


@access("organisations.see", face="desk")
def posts_at(request: HttpRequest, code: str) -> HttpResponse:
    """Answer who holds which role at one area, as a part of the area's page."""
    actor = actor_of(request)
    names = queries.role_names()
    seen = actor.may("organisations.see", area=code)
    held = queries.holders_of([(role, code) for role in names]) if seen else {}
    context = {
        "code": code,
        "seen": seen,
        "roles": [(name, held[role, code]) for role, name in names.items() if (role, code) in held],
        "may_manage": actor.may("posts.manage", area=code),
    }
    return render(request, "organisations/posts_at.html", context)


@access("posts.manage", face="desk")
@both
def new_post(request: HttpRequest) -> HttpResponse:
    """Give somebody a post."""
    actor = actor_of(request)
    start = {key: request.GET.get(key, "") for key in ("account", "area", "organisation")}
    form = PostForm(posted(request), initial=start, actor=actor)
    if attempt(form, lambda data: _add(actor, data)):
        messages.success(request, _("岗位已安排"))
        return redirect("organisations:person", account=form.cleaned_data["account"])
    return _form(request, _("安排岗位"), form, "organisations:posts")


def _add(actor: Actor, data: dict[str, Any]) -> int:
    post = actions.NewPost(
        account=data["account"],
        role=data["role"],
        area=data["area"] or None,
        organisation=int(data["organisation"]) if data["organisation"] else None,
        valid_from=data["valid_from"],
        valid_to=data["valid_to"],
    )
    return actions.add_post(actor=actor, post=post)


@access("posts.manage", face="desk")
@both
def end_post(request: HttpRequest, post: int) -> HttpResponse:
    """End a post."""
    actor = actor_of(request)
    row = queries.get_post(actor, post)
    form = EndForm(posted(request))
    if attempt(form, lambda data: _end(actor, post, data)):
        messages.success(request, _("岗位已结束，未办事项仍归该岗位所在区域"))
        return redirect("organisations:person", account=row.account)
    return _form(request, _("结束岗位"), form, "organisations:posts", row)


def _end(actor: Actor, post: int, data: dict[str, Any]) -> bool:
    actions.end_post(actor=actor, post=post, on=data["on"])
    return True


@access("posts.manage", face="desk")
@both
def hand_over(request: HttpRequest, post: int) -> HttpResponse:
    """Hand a post over to the next person."""
    actor = actor_of(request)
    row = queries.get_post(actor, post)
    form = HandOverForm(posted(request), actor=actor)
    if attempt(form, lambda data: actions.hand_over_post(actor=actor, post=post, **data)):
        messages.success(request, _("岗位已移交，未办事项随岗位转给接任者"))
        return redirect("organisations:person", account=form.cleaned_data["to"])
    return _form(request, _("移交岗位"), form, "organisations:posts", row)


@access("organisations.see", face="desk")
@both
def deputise(request: HttpRequest, post: int) -> HttpResponse:
    """Name somebody who stands in: by the holder, or by who manages posts there."""
    actor = actor_of(request)
    row = queries.get_post(actor, post)
    form = DeputyForm(posted(request), actor=actor)
    if attempt(form, lambda data: actions.deputise(actor=actor, post=post, **data)):
        messages.success(request, _("代理已安排"))
        return redirect("organisations:person", account=row.account)
    return _form(request, _("安排代理"), form, "organisations:posts", row)


def _form(
    request: HttpRequest, title: str, form: Any, back: str, post: queries.PostRow | None = None
) -> HttpResponse:
    context = {"title": title, "form": form, "back": back, "post": post}
    status = 422 if form.errors else 200
    return render(request, "organisations/form.html", context, status=status)
