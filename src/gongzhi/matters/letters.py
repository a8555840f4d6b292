"""Takes a text apart into what it can be compared by: letters, pairs of letters, other words."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
# What stands in every report, or only says where and when, and nothing of the matter itself.
_EMPTY = frozenset(
    "的了是在有我们你他她这那和也都就不没很请吧啊吗呢着过到给对"
    "家楼区小门口号栋前后边上下里旁附近天晚每个一二三几好"
)


def pieces(text: str) -> Iterator[str]:
    """Return the letters and pairs of letters of Chinese words, and other words whole."""
    for word in _WORD.findall(text.lower()):
        if word.isascii():
            yield word
            continue
        yield from (letter for letter in word if letter not in _EMPTY)
        pairs = (word[n : n + 2] for n in range(len(word) - 1))
        yield from (pair for pair in pairs if not _EMPTY.issuperset(pair))
