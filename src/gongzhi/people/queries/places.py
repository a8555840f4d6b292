"""Which area is meant by a code or a name typed into a form."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.kernel import codes
from gongzhi.kernel.errors import InvalidInput


def home_area() -> str:
    """Return the code of this installation's district, "" before one is loaded.

    Facts that belong to no place below it are put there, so that its auditor sees them.
    """
    known = areas.districts()
    return known[0].code if known else ""


def resolve_area(words: str) -> str:
    """Return the code meant by *words*; raise `InvalidInput` that lists what they may mean."""
    if codes.is_code(words) and words in areas.get_areas([words]):
        return words
    found = areas.find_areas(words, limit=6)
    exact = [area for area in found if words in (area.name, area.short_name)]
    for candidates in (exact, found):
        if len(candidates) == 1:
            return candidates[0].code
    if not found:
        raise InvalidInput(_("没有找到这个区域"), mend=_("请核对名称，或填区划代码"))
    listed = "、".join(f"{area.name} {area.code}" for area in found[:5])
    raise InvalidInput(_("不能确定是哪个区域"), mend=_("请填代码：%(areas)s") % {"areas": listed})
