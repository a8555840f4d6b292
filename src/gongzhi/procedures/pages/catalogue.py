"""The procedures in force, and one of them: drawn, in words, with its examples."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.kernel.access import access, actor_of
from gongzhi.procedures import queries


@access("procedures.see", face="desk")
@require_safe
def procedure_list(request: HttpRequest) -> HttpResponse:
    """Show the procedures in force in the reader's reach."""
    found = queries.visible_versions(actor_of(request))
    return render(request, "procedures/list.html", {"rows": found})


@access("procedures.see", face="desk")
@require_safe
def procedure_page(request: HttpRequest, version: int) -> HttpResponse:
    """Show one version of a procedure."""
    view = queries.describe(actor_of(request), version)
    return render(request, "procedures/procedure.html", {"view": view, "drawing": view.drawing})
