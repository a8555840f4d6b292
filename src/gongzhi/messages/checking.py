"""Every fault of a file of notices at once, each with its line: for whoever writes one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gongzhi.kernel.placed import Placed, read_placed
from gongzhi.messages.rules import LANGUAGES

_HEADS = (
    "quiet",
    "keep_days",
    "tell_days",
    "confirm_days",
    "confirm_most",
    "kinds",
    "templates",
    "mail",
)
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WORDS = ("line", "text")


def faults_in(*files: Path) -> list[str]:
    """Return what is wrong in these files, each replacing what it names of those before."""
    kinds: set[str] = set()
    found: list[str] = []
    for file in (one for one in files if one.is_file()):
        placed = read_placed(file)
        kinds |= set(_part(placed, "kinds"))
        found += [placed.broken] if placed.broken else _faults(placed, kinds)
    return found


def _part(placed: Placed, head: str) -> Mapping[str, Any]:
    whole = placed.value if isinstance(placed.value, dict) else {}
    part = whole.get(head)
    return part if isinstance(part, dict) else {}


def _faults(placed: Placed, kinds: set[str]) -> Iterator[str]:
    if not isinstance(placed.value, dict):
        if placed.value is not None:
            yield placed.fault((), "最外层不是“键: 值”", f"可用：{'、'.join(_HEADS)}")
        return
    for head in placed.value:
        if head not in _HEADS:
            yield placed.fault((str(head),), f"不认识的键“{head}”", f"可用：{'、'.join(_HEADS)}")
    yield from _numbers(placed)
    for key, kind in _part(placed, "kinds").items():
        for language in LANGUAGES:
            if not isinstance(kind, dict) or not kind.get(language):
                yield placed.fault(
                    ("kinds", key), f"种类“{key}”缺少 {language} 的名称", "两种语言都写"
                )
    for key, template in _part(placed, "templates").items():
        yield from _template(placed, key, template, kinds)


def _numbers(placed: Placed) -> Iterator[str]:
    for key, hour in _part(placed, "quiet").items():
        if key not in ("from", "to") or not _HOUR.fullmatch(str(hour)):
            mend = '写成 {from: "22:00", to: "07:00"}'
            yield placed.fault(("quiet", key), f"免打扰时段的“{key}: {hour}”不能用", mend)
    for key in ("keep_days", "tell_days", "confirm_days", "confirm_most"):
        number = placed.value.get(key, 1)
        if not isinstance(number, int) or number < 1:
            what = "封数" if key == "confirm_most" else "天数"
            yield placed.fault((key,), f"{key} 应为{what}", "写一个大于 0 的整数")


def _template(placed: Placed, key: str, template: Any, kinds: set[str]) -> Iterator[str]:
    way = ("templates", key)
    if not isinstance(template, dict):
        yield placed.fault(way, f"通知“{key}”的写法有误", "照 _base 里的样子写")
        return
    if template.get("kind") not in kinds:
        mend = f"可用：{'、'.join(sorted(kinds))}"
        yield placed.fault((*way, "kind"), f"通知“{key}”的种类“{template.get('kind')}”没有", mend)
    for language in LANGUAGES:
        given = template.get(language)
        words: dict[str, Any] = given if isinstance(given, dict) else {}
        lacking = [w for w in _WORDS if not words.get(w)]
        if lacking:
            told = f"通知“{key}”缺少 {language} 的 {'、'.join(lacking)}"
            yield placed.fault((*way, language), told, "line 和 text 都写，两种语言都写")
        elif any(str(words[w]).count("[") != str(words[w]).count("]") for w in _WORDS):
            told = f"通知“{key}”的方括号没有配对"
            yield placed.fault((*way, language), told, "[ ] 成对，里面不再套")
