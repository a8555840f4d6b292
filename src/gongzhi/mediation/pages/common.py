"""What the pages of disputes and consultations share: tabs, and the place that was chosen."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.access import actor_of
from gongzhi.mediation.queries import Counts

_TABS: tuple[tuple[str, Any], ...] = (("open", _("办理中")), ("closed", _("已办结")))


def status_of(request: HttpRequest) -> str:
    """Return which tab is asked for; open cases where none is."""
    return "closed" if request.GET.get("status") == "closed" else "open"


def tabs(status: str, counts: Counts) -> list[dict[str, Any]]:
    """Return the tabs of a list, each with its count."""
    return [
        {"label": label, "url": f"?status={key}", "here": key == status, "count": number}
        for (key, label), number in zip(_TABS, (counts.open, counts.closed), strict=True)
    ]


def form_key(request: HttpRequest) -> str:
    """Return the key of the form that was sent, or a fresh one: two presses are one record."""
    return request.POST.get("key", "")[:200] or secrets.token_hex(32)


def chosen_area(request: HttpRequest, power: str) -> str:
    """Return the deepest area chosen; before anything is chosen, the narrowest post's."""
    if request.method == "POST":
        return max(request.POST.getlist("area"), key=len, default="")[:20]
    return max(actor_of(request).areas_for(power), key=len, default="")
