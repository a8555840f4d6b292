"""Addresses of the lists behind numbers, and the cells of tables that lead there."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from gongzhi.indicators.queries import Figure

register = template.Library()


@register.filter
def listed(narrowing: Mapping[str, str]) -> str:
    """Return the address of the list of matters so narrowed; empty where there is none."""
    if not narrowing:
        return ""
    try:
        return f"{reverse('matters:list')}?{urlencode(narrowing)}"
    except NoReverseMatch:
        return ""


@register.simple_tag
def cell(figure: Figure) -> SafeString:
    """Return a figure as the cell of a table. A page has hundreds: each as a template was slow."""
    value = "" if figure.value is None else f"{figure.value:.6f}"
    shown: SafeString | str = figure.shown
    if figure.hidden:
        shown = format_html('<span class="muted small">{}</span>', shown)
    elif figure.value and figure.list:
        late = "late" if figure.id == "overdue" else ""
        shown = format_html('<a class="{}" href="{}">{}</a>', late, listed(figure.list), shown)
    told = format_html(' data-value="{}"', value) if value else ""
    return format_html('<td class="num" data-label="{}"{}>{}</td>', figure.name, told, shown)
