"""Which category a text is likely to be of, and why: learned from closed matters, else by hints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongzhi.kernel.held import Held
from gongzhi.matters import learning
from gongzhi.matters.models import SuggestionModel
from gongzhi.matters.queries.categories import category_book
from gongzhi.organisations.queries import organisation_names

LEAST = 0.1  # the share below which nothing is said
SURE = 0.5  # the share from which it is proposed as the answer
_NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that may fit; `reasons` are the words that spoke for it, `learned` how known."""

    code: str
    name: str
    share: float
    reasons: tuple[str, ...]
    learned: bool

    @property
    def sure(self) -> bool:
        """Whether it may be proposed as the answer; it is shown all the same."""
        return self.share >= SURE

    @property
    def why(self) -> str:
        """The words that spoke for it, as a reader sees them."""
        return "、".join(self.reasons)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form the API gives out."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Likely:
    """An organisation that handled matters of a kind: in how many of how many."""

    id: int
    name: str
    handled: int
    of: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How well the version in use did on matters that were held out."""

    number: int
    trained_at: Any
    figures: dict[str, Any]


_kept: dict[str, tuple[str, learning.Learned, dict[str, Any]]] = {}


def _read_newest(_all: list[str]) -> dict[str, str]:
    newest = SuggestionModel.objects.order_by("-number").values_list(
        "number", "digest", "trained_at"
    )
    return {_NEWEST: "-".join(map(str, newest.first() or ()))}


_newest = Held(_read_newest, changed_by=("matters.suggestions_trained",), seconds=5)


def _in_use() -> tuple[learning.Learned, dict[str, Any]] | None:
    """Return the newest version, from memory while it stays the newest."""
    newest = _newest.one(_NEWEST) or ""
    kept = _kept.get("model")
    if kept is None or kept[0] != newest:
        found = SuggestionModel.objects.order_by("-number").first() if newest else None
        if found is None:
            return None
        learned = learning.unpacked(bytes(found.content))
        kept = _kept["model"] = (newest, learned, found.organisations)
    return kept[1], kept[2]


def suggestions(words: str, limit: int = 3) -> list[Suggestion]:
    """Return categories in force that may fit the words, the likeliest first; perhaps none."""
    book, used = category_book(), _in_use()
    if used is None:
        return by_hints(words)[:limit]
    found = [
        Suggestion(one.code, book.name(one.code), one.share, one.reasons, learned=True)
        for one in used[0].guesses(words, limit=limit)
        if one.share >= LEAST and one.code in book.categories
    ]
    return found or by_hints(words)[:limit]


def by_hints(words: str) -> list[Suggestion]:
    """Return the categories whose hint words occur, those with most first, of equals the lower."""
    categories = category_book().categories
    hits = {
        one.code: [word for word in one.hint.split() if word in words]
        for one in categories.values()
        if one.parent
    }
    for code, own in hits.items():
        if own:  # what spoke for the kind above speaks for this one too
            own += [word for word in hits.get(categories[code].parent, ()) if word not in own]
    total = sum(map(len, hits.values()))
    told = sorted(
        (code for code in hits if hits[code]),
        key=lambda code: (-len(hits[code]), -categories[code].level),
    )
    return [
        Suggestion(
            code,
            category_book().name(code),
            round(len(hits[code]) / total, 3),
            tuple(hits[code][:3]),
            learned=False,
        )
        for code in told
    ]


def likely_organisations(category: str, limit: int = 3) -> list[Likely]:
    """Return who handled closed matters of this kind most often; none while nothing was learned."""
    used = _in_use()
    told = used[1].get(category, {}) if used else {}
    rows = told.get("handled", [])[:limit]
    names = organisation_names([row[0] for row in rows]) if rows else {}
    return [Likely(i, names[i], n, told["of"]) for i, n in rows if i in names]


def measured() -> Measured | None:
    """Return how well the version in use did, None before there is one."""
    found = SuggestionModel.objects.order_by("-number").defer("content").first()
    return Measured(found.number, found.trained_at, found.measured) if found else None
