"""Words to begin an answer with (常用答复), by stage and category: each district's data."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gongzhi.kernel.districts import files_of


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply; without stages or categories it fits all of them."""

    name: str
    text: str
    stages: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def fits(self, stage: str, lineage: tuple[str, ...]) -> bool:
        """Whether it fits a stage and a category, told with the categories above it."""
        here = not self.stages or stage in self.stages
        return here and (not self.categories or bool(self.categories & set(lineage)))


def _read(path: Path) -> list[Reply]:
    found: list[dict[str, Any]] = (yaml.safe_load(path.read_text(encoding="utf-8")) or {})[
        "replies"
    ]
    return [
        Reply(
            name=one["name"],
            text=one["text"],
            stages=frozenset(one.get("stages", ())),
            categories=frozenset(one.get("categories", ())),
        )
        for one in found
    ]


@functools.cache
def replies() -> tuple[Reply, ...]:
    """Return the district's own replies, then the shipped ones."""
    return tuple(one for file in reversed(files_of("replies.yaml")) for one in _read(file))


def replies_for(stage: str, lineage: tuple[str, ...]) -> list[Reply]:
    """Return what fits, the narrower first: those that name the category before those for all."""
    fitting = [one for one in replies() if one.fits(stage, lineage)]
    return sorted(fitting, key=lambda one: not one.categories)
