"""The tree of organisations, one organisation, founding, changing, abolishing."""

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
from gongzhi.organisations.forms import AbolishForm, ChangeOrganisationForm, OrganisationForm

both = require_http_methods(["GET", "HEAD", "POST"])


@access("organisations.see", face="desk")
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the top of the tree, or what a search finds."""
    actor = actor_of(request)
    filters = asked(request, "kind", "words", "all")
    page = queries.list_organisations(actor, filters=filters, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "filters": filters,
        "kinds": queries.organisation_kinds().values(),
        "may_add": actor.has("organisations.manage"),
    }
    return render(request, "organisations/list.html", context)


@access("organisations.see", face="desk")
def organisation_page(request: HttpRequest, organisation: int) -> HttpResponse:
    """Show one organisation: the way up, what hangs below, who holds posts, what was."""
    actor = actor_of(request)
    found = queries.get_organisation(actor, organisation)
    posts = queries.list_posts(actor, filters={"organisation": organisation}, size=100)
    area = found.row.area
    context = {
        "found": found,
        "posts": posts.items,
        "may_manage": actor.may("organisations.manage", area=area),
        "may_post": actor.may("posts.manage", area=area),
    }
    return render(request, "organisations/organisation.html", context)


@access("organisations.manage", face="desk")
@both
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Found an organisation."""
    actor = actor_of(request)
    start = {"parent": request.GET.get("parent", ""), "area": request.GET.get("area", "")}
    form = OrganisationForm(posted(request), initial=start, actor=actor)
    made = attempt(form, lambda data: _establish(actor, data))
    if made is not None:
        messages.success(request, _("组织已成立"))
        return redirect("organisations:organisation", organisation=made)
    return _form(request, _("新建组织"), form)


def _establish(actor: Actor, data: dict[str, Any]) -> int:
    parent = int(data["parent"]) if data["parent"] else None
    new = actions.NewOrganisation(
        data["kind"], data["name"], data["area"], parent, data["code"], data["valid_from"]
    )
    return actions.establish_organisation(actor=actor, new=new)


@access("organisations.manage", face="desk")
@both
def change_organisation(request: HttpRequest, organisation: int) -> HttpResponse:
    """Rename an organisation or hang it elsewhere."""
    actor = actor_of(request)
    row = queries.get_organisation(actor, organisation).row
    start = {"name": row.name, "parent": row.parent or ""}
    form = ChangeOrganisationForm(posted(request), initial=start, actor=actor)
    if attempt(form, lambda data: _change(actor, organisation, data)):
        messages.success(request, _("已变更，原名称与隶属保留在沿革中"))
        return redirect("organisations:organisation", organisation=organisation)
    return _form(request, _("变更组织"), form)


def _change(actor: Actor, organisation: int, data: dict[str, Any]) -> bool:
    actions.change_organisation(
        actor=actor,
        organisation=organisation,
        name=data["name"],
        parent=int(data["parent"]) if data["parent"] else None,
        on=data["on"],
        document=data["document"],
    )
    return True


@access("organisations.manage", face="desk")
@both
def abolish_organisation(request: HttpRequest, organisation: int) -> HttpResponse:
    """Abolish an organisation."""
    actor = actor_of(request)
    queries.get_organisation(actor, organisation)
    form = AbolishForm(posted(request))
    if attempt(form, lambda data: _abolish(actor, organisation, data)):
        messages.success(request, _("组织已撤销，沿革保留"))
        return redirect("organisations:organisation", organisation=organisation)
    return _form(request, _("撤销组织"), form)


def _abolish(actor: Actor, organisation: int, data: dict[str, Any]) -> bool:
    actions.abolish_organisation(actor=actor, organisation=organisation, **data)
    return True


def _form(request: HttpRequest, title: str, form: Any) -> HttpResponse:
    context = {"title": title, "form": form}
    status = 422 if form.errors else 200
    return render(request, "organisations/form.html", context, status=status)
