"""What the shell, the public home, search and the map read from the apps below."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from gongzhi.areas import queries as areas
from gongzhi.kernel.access import actor_of
from gongzhi.kernel.actor import ANONYMOUS, Actor, PostHeld
from gongzhi.kernel.errors import NotFound
from gongzhi.organisations import queries as organisations
from gongzhi.portal import choices
from gongzhi.portal.memory import remembered


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


@dataclass(frozen=True, slots=True)
class AreaLevel:
    """One select of the area chooser: what it is called and what can be chosen in it."""

    id: str
    label: str
    parent: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def address_of(url_name: str, *arguments: object) -> str:
    """Return the address of a URL name, empty where it is not mounted."""
    try:
        return reverse(url_name, args=arguments)
    except NoReverseMatch:
        return ""


def district_name() -> str:
    """Return the name of the district of this installation, empty before areas are loaded."""
    return remembered("district", _district_name)


def _district_name() -> str:
    return "、".join(district.name for district in areas.districts())


def viewer(request: HttpRequest | None) -> Viewer:
    """Return who looks at the page; nobody where there is no request."""
    actor = actor_of(request) if request is not None else ANONYMOUS
    if actor.kind != "person":
        return Viewer(False, "", (), ())
    links = tuple(
        MenuLink(url, str(entry.label), entry.icon, False, False)
        for entry in choices.ACCOUNT_MENU
        if (url := address_of(entry.url_name))
    )
    return Viewer(True, actor.name, _post_labels(actor.posts), links)


def _post_labels(posts: tuple[PostHeld, ...]) -> tuple[str, ...]:
    """Say each post as `跃龙社区 · 社区书记`."""
    return remembered(("posts", get_language(), posts), lambda: _read_post_labels(posts))


def _read_post_labels(posts: tuple[PostHeld, ...]) -> tuple[str, ...]:
    places = areas.names(post.area for post in posts if post.area)
    units = organisations.organisation_names([p.organisation for p in posts if p.organisation])
    labels = []
    for post in posts:
        where = places.get(post.area or "") or units.get(post.organisation or 0, "")
        role = organisations.role_name(post.role)
        labels.append(f"{where} · {role}" if where else role)
    return tuple(dict.fromkeys(labels))


def navigation(request: HttpRequest | None) -> list[MenuLink]:
    """Return the desk's menu for the reader, without what is not mounted or not allowed."""
    if request is None:
        return []
    actor = actor_of(request)
    links = []
    for entry in choices.MENU:
        url = address_of(entry.url_name)
        allowed = not entry.powers or any(actor.has(power) for power in entry.powers)
        if not url or not allowed:
            continue
        inside = request.path == url or (url != "/desk/" and request.path.startswith(url))
        links.append(MenuLink(url, str(entry.label), entry.icon, entry.primary, inside))
    return links


def home_entries() -> list[MenuLink]:
    """Return what residents can do now: only what is mounted."""
    return [
        MenuLink(url, str(entry.label), str(entry.note), True, False)
        for entry in choices.HOME
        if (url := address_of(entry.url_name))
    ]


# --- areas to choose from -------------------------------------------------------------------------
def area_levels(name: str, code: str) -> list[AreaLevel]:
    """Return the selects of the area chooser named *name*, open down to *code*."""
    roots = areas.districts()
    levels: list[AreaLevel] = []
    if len(roots) > 1:
        chosen = next((root.code for root in roots if code.startswith(root.code)), "")
        options = tuple((root.code, root.name) for root in roots)
        label = areas.level_name("district")
        levels.append(AreaLevel(f"id_{name}", label, "", options, chosen))
    else:
        chosen = roots[0].code if roots else ""
    while chosen and len(chosen) < choices.DEEPEST_AREA:
        found = areas.children(chosen)
        if not found:
            break
        options = tuple((area.code, area.name) for area in found)
        mine = next((area.code for area in found if code.startswith(area.code)), "")
        # The first select carries the label's plain id, to which errors link.
        ident = f"id_{name}_{len(found[0].code)}" if levels else f"id_{name}"
        levels.append(AreaLevel(ident, found[0].level_name, chosen, options, mine))
        chosen = mine
    return levels


def place_at(longitude: float, latitude: float) -> tuple[str, str] | None:
    """Return (code, path in words) of the smallest area that holds a point, None outside."""
    code = areas.locate(longitude, latitude)
    return (code, areas.path_name(code)) if code else None


def centre() -> areas.DistrictInfo | None:
    """Return the district whose map opens first, None before any is loaded."""
    found = areas.districts()
    return found[0] if found else None


def scope_of(actor: Actor, power: str) -> list[areas.AreaInfo]:
    """Return the areas at which the actor holds *power*, as records with names."""
    wanted = actor.areas_for(power)
    if actor.is_system:
        try:
            return [areas.district()]
        except NotFound:
            return []
    found = areas.get_areas(wanted)
    return [found[code] for code in wanted if code in found]
