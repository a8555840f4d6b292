"""What the shell, the public home, search and the map read from the apps below."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from gongzhi.areas import queries as areas
from gongzhi.kernel.access import actor_of
from gongzhi.kernel.actor import ANONYMOUS, Actor
from gongzhi.matters import queries as matters
from gongzhi.messages import queries as notices
from gongzhi.messages.choices import MOST_COUNTED
from gongzhi.organisations import queries as organisations
from gongzhi.portal import choices
from gongzhi.portal.memory import remembered
from gongzhi.procedures import queries as procedures


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A line of the desk's menu as this reader sees it."""

    url: str
    label: str
    icon: str
    primary: bool
    here: bool
    counted: bool = False
    count: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class HomeLink:
    """One door of the residents' home."""

    url: str
    label: str
    note: str


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
        if (url := address_of(entry.url_names[0]))
    )
    return Viewer(True, actor.name, _posts_in_words(actor), links)


def _posts_in_words(actor: Actor) -> tuple[str, ...]:
    """Say each post as `跃龙社区 · 社区书记`, once."""
    key = ("posts", get_language(), actor.posts)
    return remembered(key, lambda: tuple(dict.fromkeys(organisations.post_labels(actor))))


def navigation(request: HttpRequest | None) -> list[MenuLink]:
    """Return the desk's menu for the reader, without what is not mounted or not allowed."""
    if request is None:
        return []
    actor = actor_of(request)
    if actor.kind != "person":
        return []
    links = []
    for entry in choices.MENU:
        url = next(filter(None, map(address_of, entry.url_names)), "")
        allowed = not entry.powers or any(actor.has(power) for power in entry.powers)
        if url and allowed:
            count = procedures.inbox_counts(actor).total if entry.counted else 0
            links.append(_link(entry, url, request.path, count))
    return links


def inbox_count(request: HttpRequest | None) -> int:
    """Return how much lies in the reader's inbox."""
    actor = actor_of(request) if request is not None else ANONYMOUS
    return procedures.inbox_counts(actor).total if actor.kind == "person" else 0


def bell(request: HttpRequest | None) -> dict[str, object]:
    """Return where the reader's notices are, and how many are unread, in one statement."""
    actor = actor_of(request) if request is not None else ANONYMOUS
    if request is None or actor.kind != "person":
        return {}
    url = address_of("messages:inbox")
    here = request.path == url
    return {"url": url, "here": here, "count": notices.unread_count(actor), "most": MOST_COUNTED}


def _link(entry: choices.MenuEntry, url: str, path: str, count: int) -> MenuLink:
    inside = path == url or (url != choices.DESK and path.startswith(url))
    label = str(entry.label)
    return MenuLink(url, label, entry.icon, entry.primary, inside, entry.counted, count)


def settings_for(actor: Actor) -> list[tuple[str, list[MenuLink]]]:
    """Return what *actor* may manage, in groups; groups with nothing in them are left out."""
    found = []
    for title, entries in choices.SETTINGS:
        links = [
            MenuLink(url, str(one.label), one.icon, False, False, note=str(one.note))
            for one in entries
            if (not one.powers or any(map(actor.has, one.powers)))
            and (url := address_of(one.url_name))
        ]
        if links:
            found.append((str(title), links))
    return found


def category_table() -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Return the first level's names, each with what lies below: code, depth and name."""
    book = matters.category_book()

    def below(parent: str, depth: int) -> list[tuple[str, int, str]]:
        found: list[tuple[str, int, str]] = []
        for one in book.children(parent):
            found += [(one.code, depth, one.name), *below(one.code, depth + 1)]
        return found

    return [(top.name, below(top.code, 1)) for top in book.children()]


def home_entries() -> list[HomeLink]:
    """Return what residents can do now: only what is mounted."""
    return [
        HomeLink(url, str(entry.label), str(entry.note))
        for entry in choices.HOME
        if (url := address_of(entry.url_name))
    ]


def news() -> tuple[str, list[matters.PublicRow]]:
    """Return what is told of matters at home: `done` with those solved, else `open` ones.

    Categories and communities only; whoever reported stays unknown.
    """
    return remembered(("news", get_language()), _news)


def _news() -> tuple[str, list[matters.PublicRow]]:
    recent = matters.recent_public(choices.NEWS_LOOKED_AT)
    done = [row for row in recent if row.outcome_kind in choices.DONE_KINDS]
    going = [row for row in recent if not row.outcome_kind]
    return ("done", done[: choices.NEWS_SHOWN]) if done else ("open", going[: choices.NEWS_SHOWN])


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
