"""What was learned to suggest a category by: plain arrays, read and asked with numpy alone."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from gongzhi.matters.letters import pieces

LONGEST: Final = 600  # characters of a text that are looked at
_REASONS: Final = 3
_FORM: Final = 1


@dataclass(frozen=True, slots=True)
class Guess:
    """One category, the share of certainty (0 to 1), and the words that spoke for it."""

    code: str
    share: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """A linear model over pieces of text: weights by category and piece."""

    categories: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def guesses(self, words: str, limit: int = 3) -> list[Guess]:
        """Return the likeliest categories, best first; none when no piece of the text is known."""
        found = self._pieces(words)
        if not any(len(piece) > 1 for piece in found):
            return []  # a letter alone is chance
        places = np.fromiter(found.values(), dtype=np.int64)
        values = self._values(words, found)
        each = self.weights[:, places] * values
        scores = each.sum(axis=1) + self.bias
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        best = np.argsort(-shares)[:limit]
        names = list(found)
        return [
            Guess(self.categories[c], round(float(shares[c]), 3), _told(names, each[c]))
            for c in best
        ]

    def _pieces(self, words: str) -> dict[str, int]:
        known = self.vocabulary
        return {p: known[p] for p in pieces(words[:LONGEST]) if p in known}

    def _values(self, words: str, found: dict[str, int]) -> NDArray[np.float32]:
        """Return the weight of each piece: how often, how rare, all of length one."""
        often = Counter(p for p in pieces(words[:LONGEST]) if p in found)
        values = np.array(
            [(1 + math.log(often[p])) * self.idf[place] for p, place in found.items()],
            dtype=np.float32,
        )
        return np.asarray(values / (np.linalg.norm(values) or 1.0), dtype=np.float32)


def _told(names: Sequence[str], spoke: NDArray[np.float32]) -> tuple[str, ...]:
    """Return the pieces that spoke most for a category, none within another."""
    told: list[str] = []
    for place in np.argsort(-spoke):
        name = names[place]
        if spoke[place] <= 0 or len(told) == _REASONS:
            break
        if len(name) > 1 and not any(set(name) & set(one) for one in told):
            told.append(name)
    return tuple(told) or tuple(names[p] for p in np.argsort(-spoke)[:1] if spoke[p] > 0)


def packed(learned: Learned) -> bytes:
    """Return the arrays as they are kept."""
    names = orjson.dumps([list(learned.categories), list(learned.vocabulary)])
    into = io.BytesIO()
    np.savez_compressed(
        into,
        form=np.array([_FORM]),
        names=np.frombuffer(names, dtype=np.uint8),
        idf=learned.idf.astype(np.float16),
        weights=learned.weights.astype(np.float16),
        bias=learned.bias.astype(np.float32),
    )
    return into.getvalue()


def unpacked(content: bytes) -> Learned:
    """Return what was kept; nothing in it is ever run."""
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        names: list[Any] = orjson.loads(kept["names"].tobytes())
        return Learned(
            tuple(names[0]),
            {piece: place for place, piece in enumerate(names[1])},
            kept["idf"].astype(np.float32),
            kept["weights"].astype(np.float32),
            kept["bias"].astype(np.float32),
        )
