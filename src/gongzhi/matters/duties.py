"""The lists of duties (职责清单): what a level does itself, helps with, or must not be given."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gongzhi.kernel.districts import files_of

OWN: Final = "own"
ASSIST: Final = "assist"
WITHDRAWN: Final = "withdrawn"
KINDS: Final = (OWN, ASSIST, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of a list: three-valued, for one level, about these categories and those below."""

    level: str
    kind: str
    name: str
    name_en: str
    categories: tuple[str, ...]
    basis: str


def _read(path: Path) -> Iterator[Duty]:
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["kind"] not in KINDS:
                raise ValueError(f"{path}: {line['kind']!r} is none of {'、'.join(KINDS)}")
            categories = tuple(line.pop("categories").split())
            yield Duty(categories=categories, **line)


@functools.cache
def duties() -> tuple[Duty, ...]:
    """Return the lists in force: the district's own file, else the shipped one.

    Raises ValueError for a kind that is none of the three.
    """
    return tuple(_read(files_of("duties.csv")[-1]))


def duty_of(level: str, lineage: tuple[str, ...]) -> Duty | None:
    """Return the duty of *level* that says most precisely what it is to a category.

    *lineage* is the category's code and those above it, the narrowest first.
    """
    listed = [one for one in duties() if one.level == level]
    for code in lineage:
        for one in listed:
            if code in one.categories:
                return one
    return None


def has_list(level: str) -> bool:
    """Whether a list is kept for this level; without one nothing is refused."""
    return any(one.level == level for one in duties())
