"""The reader's language: names kept in several, and English for the words of a district's files.

The files are Chinese; `english.csv` beside them says each word in English. What it does not say
stays Chinese, so that a district can begin without it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from django.utils.translation import get_language

from gongzhi.kernel.districts import files_of

FILE = "english.csv"


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def in_language(names: Mapping[str, str]) -> str:
    """Return a name in the reader's language, the Chinese one where there is no other."""
    return names.get((get_language() or "zh")[:2]) or names["zh"]


@cache
def words() -> dict[str, str]:
    """Return the English of each word: what ships, then the district's own."""
    found: dict[str, str] = {}
    for file in files_of(FILE):
        with file.open(encoding="utf-8", newline="") as lines:
            found |= {row["zh"]: row["en"] for row in csv.DictReader(lines) if row["en"]}
    return found


def said(text: str) -> str:
    """Return *text* of a district's file in the reader's language, as far as it is known."""
    return words().get(text, text) if is_english() else text
