"""The month's figures for residents, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.indicators import queries
from gongzhi.kernel.access import access


@access(face="public")
@require_safe
def figures(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show what came in, what was closed and what in time, community by community."""
    period = queries.period_of("month", request.GET.get("at", ""))
    return render(request, "indicators/public.html", {"told": queries.public_figures(code, period)})
