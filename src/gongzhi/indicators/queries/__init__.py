"""Every read of figures: cards, tallies, indicators, and what a reader may see of them."""

from gongzhi.indicators.queries.burden import RoleBurden, burden
from gongzhi.indicators.queries.cards import cards_of
from gongzhi.indicators.queries.differences import differences
from gongzhi.indicators.queries.figures import Figure, Part, in_words, round_to_whole
from gongzhi.indicators.queries.periods import Period, period_of
from gongzhi.indicators.queries.public import public_figures
from gongzhi.indicators.queries.scope import place_for, prefixes
from gongzhi.indicators.queries.views import (
    AREAS,
    CATEGORIES,
    ORGANISATIONS,
    Line,
    View,
    level_of,
    view_for,
)

__all__ = [
    "AREAS",
    "CATEGORIES",
    "ORGANISATIONS",
    "Figure",
    "Line",
    "Part",
    "Period",
    "RoleBurden",
    "View",
    "burden",
    "cards_of",
    "differences",
    "in_words",
    "level_of",
    "period_of",
    "place_for",
    "prefixes",
    "public_figures",
    "round_to_whole",
    "view_for",
]
