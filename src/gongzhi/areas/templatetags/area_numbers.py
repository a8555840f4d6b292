"""Template tag that looks up the counts of one area."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from gongzhi.areas.queries import Counts

register = template.Library()


@register.simple_tag
def counts_of(counts: Mapping[str, Counts] | None, code: str) -> Counts | None:
    """Return the counts of *code*, None where the reader may not see them."""
    return counts.get(code) if counts else None
