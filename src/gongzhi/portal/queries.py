"""What the shell, the public home, search and the map read from the apps below."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gongzhi.kernel.access import actor_of
from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.portal import choices


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A line of the desk's menu as this reader sees it."""

    url: str
    label: str
    icon: str
    primary: bool
    here: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page."""

    signed_in: bool
    name: str
    posts: tuple[str, ...]
    links: tuple[MenuLink, ...]

    @property
    def initial(self) -> str:
        """The first character of the name, for the round mark."""
        return self.name[:1]


def district_name() -> str:
    """Return the name of the district of this installation, empty before areas are loaded."""
    return ""


def viewer(request: HttpRequest | None) -> Viewer:
    """Return who looks at the page; nobody where there is no request."""
    actor = actor_of(request) if request is not None else ANONYMOUS
    return Viewer(actor.kind == "person", actor.name, (), ())


def navigation(request: HttpRequest | None) -> list[MenuLink]:
    """Return the desk's menu for the reader, without what is not mounted or not allowed."""
    if request is None:
        return []
    actor = actor_of(request)
    links = []
    for entry in choices.MENU:
        if entry.powers and not any(actor.has(power) for power in entry.powers):
            continue
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        inside = request.path == url or (url != "/desk/" and request.path.startswith(url))
        links.append(MenuLink(url, str(entry.label), entry.icon, entry.primary, inside))
    return links
