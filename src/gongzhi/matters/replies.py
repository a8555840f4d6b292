"""Words to begin an answer with (常用答复), by stage and category: each district's data."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gongzhi.kernel.districts import files_of
from gongzhi.kernel.placed import Placed, read_placed


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


_KEYS = ("name", "text", "stages", "categories")


def faults_in(file: Path, *, stages: Collection[str], categories: Collection[str]) -> list[str]:
    """Return what is wrong in a file of replies, each with its line."""
    if not file.is_file():
        return []
    placed = read_placed(file)
    if placed.broken:
        return [placed.broken]
    found = placed.value.get("replies") if isinstance(placed.value, dict) else None
    if not isinstance(found, list):
        return [placed.fault((), "缺少列表 replies:", "写上 replies: 并逐项列出")]
    known = {"stages": stages, "categories": categories}
    return [line for n, one in enumerate(found) for line in _faults(placed, n, one, known)]


def _faults(
    placed: Placed, number: int, entry: Any, known: dict[str, Collection[str]]
) -> Iterator[str]:
    way = ("replies", number)
    if not isinstance(entry, dict):
        yield placed.fault(way, "常用答复的写法有误", "写成 {name: …, text: …}")
        return
    for key in entry:
        if key not in _KEYS:
            yield placed.fault(way, f"不认识的键“{key}”", f"可用：{'、'.join(_KEYS)}")
    for key in ("name", "text"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            yield placed.fault(way, f"常用答复缺少 {key}", "name 是给工作人员看的名称，text 是答复")
    for key, allowed in known.items():
        given = entry.get(key) or []
        for one in given if isinstance(given, list) else [given]:
            if one not in allowed:
                name = "环节" if key == "stages" else "分类"
                mend = "写流程里的环节" if key == "stages" else "写 categories.csv 里的代码"
                yield placed.fault(way, f"没有{name}“{one}”", mend)
