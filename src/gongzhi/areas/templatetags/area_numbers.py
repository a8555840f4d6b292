"""Template tags: the counts of one area, and the whole of what is served here."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from gongzhi.areas import queries
from gongzhi.areas.queries import Counts, DistrictInfo

register = template.Library()


@register.simple_tag
def counts_of(counts: Mapping[str, Counts] | None, code: str) -> Counts | None:
    """Return the counts of *code*, None where the reader may not see them."""
    return counts.get(code) if counts else None


@register.simple_tag
def whole_district() -> DistrictInfo | None:
    """Return the district served here; None where there are several to choose from."""
    found = queries.districts()
    return found[0] if len(found) == 1 else None
