"""Pages of the portal: public home, help, privacy, switches, search and the desk's map."""

from __future__ import annotations

import math

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.kernel import clock
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.people import queries as people
from gongzhi.people.actions import set_preferences
from gongzhi.portal import assets, calendars, choices, finding, mapping, queries, showcase


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
    told, news = queries.news()
    context = {"entries": queries.home_entries(), "told": told, "news": news}
    return render(request, "portal/home.html", context)


@require_safe
@access(face="public")
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain how to report, follow and judge a matter."""
    return render(request, "portal/help.html")


@require_safe
@access(face="public")
def privacy(request: HttpRequest) -> HttpResponse:
    """Say which personal data is taken, why, for how long and who sees it."""
    return render(request, "portal/privacy.html", {"district": queries.district_name()})


@require_POST
@access(face="public")
def large_print(request: HttpRequest) -> HttpResponse:
    """Switch large print on or off and go back; with an account it stays there too."""
    response, wanted = _back(request), request.POST.get("on") == "1"
    _remember(request, response, choices.LARGE_PRINT_COOKIE, "1" if wanted else "0")
    _keep(actor_of(request), large_print=wanted)
    return response


def _keep(actor: Actor, *, language: str | None = None, large_print: bool | None = None) -> None:
    """Keep a choice with the account of whoever is signed in, so that signing in brings it back."""
    account = people.get_account(actor.account) if actor.account is not None else None
    if account is None:
        return
    set_preferences(
        actor=actor,
        language=account.language if language is None else language,
        large_print=account.large_print if large_print is None else large_print,
    )


@require_POST
@access(face="public")
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages and go back; with an account it stays there too."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        _remember(request, response, settings.LANGUAGE_COOKIE_NAME, chosen)
        _keep(actor_of(request), language=chosen)
    return response


@require_safe
@access(face="public")
def area_choices(request: HttpRequest) -> HttpResponse:
    """Answer the area chooser one level deeper, as a part of a page."""
    name = request.GET.get("name", "area")
    if not name.isidentifier() or len(name) > choices.LONGEST_NAME:
        raise InvalidInput(_("地点选择的名称不对"), field="name")
    return render(
        request,
        "portal/area_choices.html",
        {"name": name, "code": request.GET.get("code", "")[:20]},
    )


@require_safe
@access(face="public")
def area_at(request: HttpRequest) -> JsonResponse:
    """Say in which grid a point lies: `{code, name}`, both empty outside the district."""
    longitude, latitude = _coordinate(request, "lon"), _coordinate(request, "lat")
    code, name = queries.place_at(longitude, latitude) or ("", "")
    return JsonResponse({"code": code, "name": name})


def _coordinate(request: HttpRequest, name: str) -> float:
    """Read a coordinate in degrees; raise `InvalidInput` naming the field."""
    try:
        value = float(request.GET.get(name, ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidInput(_("经纬度不是数字"), field=name, mend=_("请在地图上点一个位置"))
    return value


@require_safe
@access(face="account")
def search(request: HttpRequest) -> HttpResponse:
    """Open the case of a reference, or list what the reader may see that has these words."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[: choices.LONGEST_SEARCH]
    actor = actor_of(request)
    if words and (address := finding.case_address(actor, words)):
        return HttpResponseRedirect(address)
    groups = finding.find(actor, words) if words else []
    context = {"words": words, "search_words": words, "groups": groups}
    return render(request, "portal/search.html", context)


@require_safe
@access("matters.see", face="desk")
def map_page(request: HttpRequest) -> HttpResponse:
    """Show the areas of the reader's scope with their open matters, as a map and as a list."""
    actor = actor_of(request)
    area = mapping.choose_area(actor, request.GET.get("area", "")[:20])
    shown = mapping.map_view(actor, area) if area else None
    return render(request, "portal/map.html", {"shown": shown})


# --- what can be managed --------------------------------------------------------------------------
@require_safe
@access(face="account")
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show what the reader may manage; everybody has an account."""
    groups = queries.settings_for(actor_of(request))
    return render(request, "portal/settings.html", {"groups": groups})


@require_safe
@access("system.manage", face="desk")
def categories(request: HttpRequest) -> HttpResponse:
    """Show the table of categories in force."""
    return render(request, "portal/categories.html", {"book": queries.category_table()})


@require_safe
@access("system.manage", face="desk")
def calendar(request: HttpRequest) -> HttpResponse:
    """Show which days of a year are worked and which are not."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
    return render(request, "portal/calendar.html", {"year": calendars.year_of(year)})


@require_safe
@access("system.manage", face="desk")
def components(request: HttpRequest) -> HttpResponse:
    """Show every component of the pages with its states."""
    narrow = request.GET.get("width") == "phone"
    context = {"narrow": narrow, **showcase.samples()}
    return render(request, "portal/components.html", context)


@access(face="public")
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Answer the script that lets the page for reporting on the move open without a network.

    It must lie above that page to serve it, and never be kept by the browser longer than asked.
    """
    script = assets.worker_script()
    if script is None:
        raise Http404
    response = HttpResponse(script, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
