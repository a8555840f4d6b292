"""YAML with the line of every entry, so that whoever checks a file can name the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Way = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """The values of a file, and the line of each by the keys that lead to it."""

    file: Path
    value: Any
    lines: dict[Way, int] = field(default_factory=dict)
    broken: str = ""

    def fault(self, way: Way, message: str, mend: str) -> str:
        """Return `file:line: message 修改：mend`, at the nearest entry above that has a line."""
        known = (way[:length] for length in range(len(way), -1, -1))
        line = next((self.lines[one] for one in known if one in self.lines), 1)
        return f"{self.file}:{line}: {message} 修改：{mend}"


def read_placed(file: Path) -> Placed:
    """Read a file; of one that is no YAML the fault stands in `broken`."""
    text = file.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        return Placed(file, None, {}, f"{file}:{line}: YAML 写法有误 修改：检查缩进、括号和引号")
    return Placed(file, value, dict(_lines(node, ())))


def _lines(node: Any, way: Way) -> Iterator[tuple[Way, int]]:
    if node is None:
        return
    yield way, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*way, str(key.value))
            yield from _lines(value, below)
            yield below, key.start_mark.line + 1  # the key's own line is the one to mend
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _lines(value, (*way, number))
