"""Where somebody may look at figures: the areas that a post with the power covers."""

from __future__ import annotations

from gongzhi.areas import queries as areas
from gongzhi.areas.queries import AreaInfo
from gongzhi.indicators.choices import LEVELS, SEE
from gongzhi.indicators.errors import PlaceOutOfReach
from gongzhi.kernel import codes
from gongzhi.kernel.actor import Actor


def prefixes(actor: Actor) -> tuple[str, ...]:
    """Return the areas whose figures *actor* may see, widest first."""
    if actor.is_system:
        return tuple(district.code for district in areas.districts())
    return actor.areas_for(SEE)


def place_for(actor: Actor, code: str = "") -> AreaInfo:
    """Return the area asked for, or the widest of the actor's; raise `PlaceOutOfReach`.

    Nothing is deeper than a grid: figures of a building would be those of a family.
    """
    reach = prefixes(actor)
    wanted = code or next(iter(reach), "")
    inside = any(wanted.startswith(prefix) for prefix in reach)
    if not codes.is_code(wanted) or len(wanted) not in LEVELS or not inside:
        raise PlaceOutOfReach(field="area")
    found = areas.get_areas([wanted]).get(wanted)
    if found is None:
        raise PlaceOutOfReach(field="area")
    return found


def above(actor: Actor, area: AreaInfo) -> tuple[AreaInfo, ...]:
    """Return the areas above that the actor may open as well, widest first."""
    reach = prefixes(actor)
    found = [one for one in areas.path(area.code) if one.code != area.code]
    return tuple(one for one in found if any(one.code.startswith(prefix) for prefix in reach))
