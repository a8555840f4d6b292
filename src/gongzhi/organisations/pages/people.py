"""One person's page, together with the posts, and the auditor's list of facts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.forms import asked
from gongzhi.organisations import queries
from gongzhi.people import queries as people


@access("people.see", face="desk")
@never_cache
def person(request: HttpRequest, account: int) -> HttpResponse:
    """Show one person: masked data, posts, who looked at the data."""
    actor = actor_of(request)
    found = people.get_person(actor, account)
    may = people.buttons_for(actor, account)
    context = {
        "person": found,
        "posts": queries.posts_of(actor, account),
        "may": may,
        "may_post": actor.has("posts.manage"),
        "reveals": people.reveals_of(account) if may.get("manage") or may.get("reveal") else [],
    }
    return render(request, "organisations/person.html", context)


@access("facts.audit", face="desk")
def audit(request: HttpRequest) -> HttpResponse:
    """List what happened, newest first, for the auditor."""
    actor = actor_of(request)
    words = asked(request, "kind", "person")
    kind = words.get("kind", "")
    page = queries.audit_page(
        actor,
        kind=kind,
        person=words.get("person", ""),
        cursor=request.GET.get("cursor", ""),
    )
    return render(request, "organisations/audit.html", {"page": page, "kind": kind})
