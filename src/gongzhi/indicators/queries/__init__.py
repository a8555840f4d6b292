"""Every read of figures: cards, tallies, indicators, and what a reader may see of them."""

from gongzhi.indicators.queries.cards import cards_of
from gongzhi.indicators.queries.differences import differences
from gongzhi.indicators.queries.figures import Figure, Part, round_to_whole
from gongzhi.indicators.queries.periods import Period, period_of
from gongzhi.indicators.queries.scope import place_for, prefixes
from gongzhi.indicators.queries.views import Line, View, level_of, view_for

__all__ = [
    "Figure",
    "Line",
    "Part",
    "Period",
    "View",
    "cards_of",
    "differences",
    "level_of",
    "period_of",
    "place_for",
    "prefixes",
    "round_to_whole",
    "view_for",
]
