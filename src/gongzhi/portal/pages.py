"""Pages of the portal: public home, help, privacy, switches, search and the desk's map."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from gongzhi.kernel.access import access
from gongzhi.portal import choices


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page the switch stood on; anything outside this site becomes the home."""
    target = request.POST.get("next", "/")
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts=None, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else "/")


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=choices.COOKIE_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


@require_safe
@access(face="public")
def home(request: HttpRequest) -> HttpResponse:
    """Show the residents' home."""
    return render(request, "portal/home.html")


@require_safe
@access(face="public")
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain how to report, follow and judge a matter."""
    return render(request, "portal/help.html")


@require_safe
@access(face="public")
def privacy(request: HttpRequest) -> HttpResponse:
    """Say which personal data is taken, why, for how long and who sees it."""
    return render(request, "portal/privacy.html")


@require_POST
@access(face="public")
def large_print(request: HttpRequest) -> HttpResponse:
    """Switch large print on or off and go back."""
    response = _back(request)
    _remember(
        request,
        response,
        choices.LARGE_PRINT_COOKIE,
        "1" if request.POST.get("on") == "1" else "0",
    )
    return response


@require_POST
@access(face="public")
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages and go back."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        _remember(request, response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response
