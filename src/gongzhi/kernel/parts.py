"""Answers to htmx: the part of a page that changed, or the address to go on to.

The same handlers serve browsers without scripts, which get a whole page or a redirect.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse


def wanted(request: HttpRequest) -> bool:
    """Whether htmx asks, and a part of the page is enough."""
    return request.headers.get("HX-Request") == "true"


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str, refused: bool
) -> HttpResponse:
    """Render the page, or for htmx its *part* (main or aside); 422 for a part that was refused."""
    if not wanted(request):
        return render(request, template, {"shell": "shell/desk.html", **context})
    context = {"shell": "shell/part.html", "part": part, **context}
    return render(request, template, context, status=422 if refused else 200)


def go(request: HttpRequest, name: str, *arguments: Any) -> HttpResponse:
    """Send the browser on to another page, also when htmx asks."""
    if not wanted(request):
        return redirect(name, *arguments)
    response = HttpResponse()
    response["HX-Redirect"] = reverse(name, args=arguments)
    return response
