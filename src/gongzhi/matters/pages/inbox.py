"""The desk's home: what is due, whoever's subject it is."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gongzhi.kernel import parts
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.errors import GongzhiError
from gongzhi.matters import actions
from gongzhi.matters.choices import REPORT
from gongzhi.matters.pages.together import TOGETHER, go_on
from gongzhi.procedures import actions as engine
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import FACES

_TABS: tuple[tuple[str, Any, str], ...] = (
    ("mine", gettext_lazy("待我处理"), "mine"),
    ("assist", gettext_lazy("我协办"), "assisting"),
    ("pool", gettext_lazy("可认领"), "claimable"),
)
_GROUPS: dict[str, Any] = {
    "late": gettext_lazy("已超期"),
    "today": gettext_lazy("今天"),
    "week": gettext_lazy("本周"),
    "later": gettext_lazy("以后"),
}


@access(face="account")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what lies with the reader, the most urgent first."""
    return _page(request, request.GET.get("tab", ""), request.GET.get("cursor", ""))


def _page(
    request: HttpRequest, wanted: str, cursor: str = "", *, refused: bool = False
) -> HttpResponse:
    actor = actor_of(request)
    tab = _known(wanted)
    page = procedures.inbox(actor, tab=tab, cursor=cursor)
    counts = procedures.inbox_counts(actor)
    context = {
        "page": page,
        "groups": _grouped(page.items),
        "counts": counts,
        "tab": tab,
        "tabs": _tabs(counts, tab),
        "name": actor.name,
        "may_report": actor.has(REPORT),
        "bulk": _bulk_actions(tab),
    }
    return parts.show(request, "matters/inbox.html", context, part="main", refused=refused)


def _known(tab: str) -> str:
    return tab if tab in {key for key, _label, _count in _TABS} else "mine"


def _tabs(counts: Any, tab: str) -> list[dict[str, Any]]:
    numbers = {
        "mine": counts.total - counts.assisting,
        "assisting": counts.assisting,
        "claimable": counts.claimable,
    }
    return [
        {"label": label, "url": _tab_address(key), "here": key == tab, "count": numbers[number]}
        for key, label, number in _TABS
    ]


def _tab_address(tab: str) -> str:
    return f"{reverse('matters:inbox')}?tab={tab}"


def _grouped(items: Any) -> list[dict[str, Any]]:
    """Return the lines under their headings, each with its address."""
    return [
        {
            "key": key,
            "label": _GROUPS[key],
            "lines": [{"item": line, "url": _address(line)} for line in lines],
        }
        for key, lines in groupby(items, key=lambda line: line.group)
    ]


def _address(line: Any) -> str:
    """Return where a line leads, '' for a subject whose cases have no page yet."""
    return reverse("procedures:case", args=[line.reference]) if line.subject in FACES else ""


def _bulk_actions(tab: str) -> list[dict[str, Any]]:
    claim = {"value": "claim", "label": _("认领")}
    release = {"value": "release", "label": _("退回待认领")}
    more = {"value": TOGETHER, "label": _("指派、流转、办结")}
    return [claim, more] if tab == "pool" else [claim, release, more]


@access(face="account")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Claim or release several items, each for itself, and stay where one was."""
    what, chosen = request.POST.get("move", ""), request.POST.getlist("case")
    tab = _known(request.POST.get("tab", ""))
    if what == TOGETHER:
        return go_on(request, chosen, _tab_address(tab))
    if what not in engine.ITEM_ACTIONS:
        raise Http404
    refused = _said(request, what, chosen)
    if parts.wanted(request):
        return _page(request, tab, refused=refused)
    return redirect(_tab_address(tab))


def _said(request: HttpRequest, what: str, chosen: list[str]) -> bool:
    """Claim or release, say what became of it, and return whether nothing was done."""
    try:
        fates = actions.take_together(actor=actor_of(request), items=chosen, what=what)
    except GongzhiError as error:
        messages.error(request, str(error))
        return True
    done = sum(1 for fate in fates if fate.error is None)
    if done:
        messages.success(request, _("已办 %(n)d 件") % {"n": done})
    for words in dict.fromkeys(str(fate.error) for fate in fates if fate.error):
        messages.error(request, words)
    return not done
