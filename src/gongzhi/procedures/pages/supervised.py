"""The list of what is under 督办."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.kernel.access import access, actor_of
from gongzhi.procedures import queries


@access("matters.see", face="desk")
@require_safe
def supervised(request: HttpRequest) -> HttpResponse:
    """Show the supervised cases in the reader's reach, the oldest first."""
    page = queries.supervised(actor_of(request), cursor=request.GET.get("cursor", ""))
    return render(request, "procedures/supervised.html", {"page": page})
