"""Template tags of the page shell: assets, icons, safe addresses, navigation, the viewer."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.portal import assets, choices, queries

register = template.Library()


def _request(context: template.Context) -> HttpRequest | None:
    request: HttpRequest | None = context.get("request")
    return request


@register.simple_tag
def asset(name: str) -> SafeString:
    """Link the style sheets and the module script of the built entry *name*."""
    found = assets.bundle(name)
    styles = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((s,) for s in found.styles)
    )
    if found.script is None:
        return styles
    return format_html('{}\n<script type="module" src="{}"></script>', styles, found.script)


@register.simple_tag
def asset_file(name: str) -> str:
    """Return the address of one built file, such as `mark.svg`."""
    return assets.file_address(name)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; hidden from screen readers unless it has a *label*."""
    sprite = assets.file_address("icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            label,
            sprite,
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name
    )


@register.simple_tag
def url_if(*names: str) -> str:
    """Return the address of the first of these URL names that exists, else an empty string."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


@register.simple_tag
def url_or_hash(name: str) -> str:
    """Return the address of a URL name, or the site's root where it is not mounted."""
    return url_if(name) or "/"


@register.simple_tag(takes_context=True)
def here(context: template.Context) -> str:
    """Return the path of this page with its query, to come back to it."""
    request = _request(context)
    return request.get_full_path() if request is not None else "/"


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, name: str, value: Any) -> str:
    """Return this page's query string with parameter *name* set to *value*."""
    request = _request(context)
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query[name] = str(value)
    return query.urlencode()


@register.simple_tag(takes_context=True)
def large_print(context: template.Context) -> bool:
    """Whether this reader switched to large print."""
    request = _request(context)
    return request is not None and request.COOKIES.get(choices.LARGE_PRINT_COOKIE) == "1"


@register.filter
def unlocalized(value: Any) -> str:
    """Write a coordinate with a point, whatever the reader's language does with decimals."""
    return str(value)


@register.simple_tag
def district_name() -> str:
    """Return the name of the district this installation serves."""
    return queries.district_name()


@register.simple_tag(takes_context=True)
def viewer(context: template.Context) -> queries.Viewer:
    """Return who looks at the page: name, initial, posts, and links of the account menu."""
    return queries.viewer(_request(context))


@register.simple_tag(takes_context=True)
def print_head(context: template.Context) -> str:
    """Say who printed the page and when; shown on paper only."""
    request = _request(context)
    moment = clock.local(clock.now())
    return _("%(district)s · 打印人 %(name)s · %(when)s") % {
        "district": queries.district_name(),
        "name": queries.viewer(request).name or _("访客"),
        "when": f"{moment:%Y-%m-%d %H:%M}",
    }


@register.inclusion_tag("shell/_navigation.html", takes_context=True)
def desk_navigation(context: template.Context) -> dict[str, Any]:
    """Draw the desk's menu: only what this reader's posts may open."""
    request = _request(context)
    entries = queries.navigation(request)
    return {
        "entries": entries,
        "more": [entry for entry in entries if not entry.primary],
        "posts": queries.viewer(request).posts,
    }


@register.inclusion_tag("shell/_count.html", takes_context=True)
def desk_count(context: template.Context) -> dict[str, Any]:
    """Draw how much lies in the reader's inbox."""
    return {"count": queries.inbox_count(_request(context))}


@register.inclusion_tag("shell/_bell.html", takes_context=True)
def desk_bell(context: template.Context) -> dict[str, Any]:
    """Draw the bell with how many notices the reader has not read."""
    return queries.bell(_request(context))


@register.simple_tag
def desk_home() -> str:
    """Return the address of the desk's home."""
    return choices.DESK


@register.inclusion_tag("components/area_chooser.html")
def area_chooser(name: str, code: str | None = "", required: bool = True) -> dict[str, Any]:
    """Draw street, community and grid as selects named *name*, open down to *code*."""
    return {
        "name": name,
        "levels": queries.area_levels(name, code or ""),
        "required": required,
        "address": url_if("portal:area_choices"),
    }
