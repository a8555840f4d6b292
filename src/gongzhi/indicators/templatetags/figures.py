"""Addresses of the lists behind numbers."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

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
