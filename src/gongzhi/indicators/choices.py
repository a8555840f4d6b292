"""Closed lists of the figures: what a card tells, how a figure is cut, what a power is called."""

from __future__ import annotations

from typing import Final

SEE: Final = "figures.see"
BOOK: Final = "indicators.yaml"

# Ways in which a tally is cut: the whole of an area, by category, by organisation, by move.
WHOLE, BY_CATEGORY, BY_ORGANISATION, BY_MOVE = "t", "c", "o", "m"
LEVELS: Final = (4, 6, 9, 12, 15)  # digits of the areas a tally is kept for
DEEPEST: Final = {WHOLE: 15, BY_CATEGORY: 12, BY_ORGANISATION: 9, BY_MOVE: 9}
CUTS: Final = {"category": BY_CATEGORY, "organisation": BY_ORGANISATION, "area": WHOLE}
MOVES: Final = "moves"  # the measure that the burden page reads; kept for every procedure

DAYS: Final = ("opened", "closed", "responded", "verdict")
NOW: Final = "now"  # a measure of what stands at this moment, read from the cards
CARD_FIELDS: Final = (
    "procedure",
    "channel",
    "stage",
    "is_open",
    "outcome_kind",
    "late",
    "answered",
    "responded",
    "solved",
    "satisfaction",
    "merged",
)
STANDING_FIELDS: Final = ("procedure", "overdue", "category", "organisation")
SUMS: Final = ("minutes",)
# What a condition on a fact may ask beside the fact's own fields.
FACT_FIELDS: Final = ("procedure", "on_time", "by")
UNITS: Final = ("count", "percent", "days")
DIRECTIONS: Final = ("up", "down", "none")
PERIODS: Final = ("day", "week", "month", "quarter")
AGES: Final = ((0, 2), (3, 7), (8, 15), (16, 30), (31, None))  # days since a matter came in
MOST_LINES: Final = 200
TREND_POINTS: Final = 13
SLOWEST: Final = 5
FEWEST: Final = 5  # with fewer holders or moves, what a role filled in is one person's

READER: Final = "indicators.handlers.count"  # the name under which the reader keeps its place
