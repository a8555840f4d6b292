"""Words looked for in matters: rare ones by the index of pairs, frequent ones on the way."""

from __future__ import annotations

import re
from itertools import pairwise

from django.db.models import F, Q, Value
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan

from gongzhi.kernel.held import Held
from gongzhi.kernel.sql import rows

NEAR = (1_000, 10_000)
"""How many of a list's cases a frequent text is looked for among before all others are asked."""
_TEXTS = ("words", "title", "place_text")
_FEW = 1000  # matters that hold a text, up to which they are named one by one
_FREQUENT = 0.01  # share of all matters from which on a pair of letters is no help
_REFERENCE = re.compile(r"[A-Za-z]{1,6}-?\d{4}")


def holding(text: str) -> Q:
    """Return what narrows cases to those of matters that hold *text*, or whose reference it begins.

    What is seen is decided by the list alone. The planner knows nothing of words in a text; told
    as a place that is greater than none it takes them to be frequent.
    """
    if _REFERENCE.match(text):
        return Q(reference__startswith=text.upper())
    few = _those_holding(text.lower()) if len(text) > 1 else None
    return saying(text) if few is None else Q(pk__in=few)


def saying(text: str) -> Q:
    """Return the condition that a matter says *text*, as it is asked of each of them."""
    # Letters without case, as all Chinese ones, need no second look at a long text.
    plain = text.lower() == text.upper()
    looked = [F(f"matter__{name}") if plain else Lower(f"matter__{name}") for name in _TEXTS]
    wanted = Value(text) if plain else Lower(Value(text))
    said = [GreaterThan(StrIndex(one, wanted), 0) for one in looked]
    return Q(said[0]) | Q(said[1]) | Q(said[2])


def is_frequent(text: str) -> bool:
    """Whether all of a text is so frequent that it will soon be met on the way through a list."""
    if _REFERENCE.match(text):
        return False
    known = _frequent.one("") or frozenset()
    return all(first + second in known for first, second in pairwise(text.lower()))


def _those_holding(text: str) -> list[int] | None:
    """Return the cases of the matters that hold a text in small letters; None when many do."""
    found = rows("matters", "holding", {"text": text, "most": _FEW + 1})
    return [row["case_id"] for row in found] if len(found) <= _FEW else None


def _read_frequent(_keys: list[str]) -> dict[str, frozenset[str]]:
    found = rows("matters", "frequent_pairs", {"share": _FREQUENT})
    return {"": frozenset(row["pair"] for row in found)}


_frequent: Held[str, frozenset[str]] = Held(_read_frequent, changed_by=(), seconds=600)
