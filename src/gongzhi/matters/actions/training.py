"""Learns from the district's own closed matters which category a text is of, and measures it."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db.models import Count
from django.utils.translation import gettext as _

from gongzhi.areas.queries import districts
from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import allow_if, require
from gongzhi.matters.errors import TooLittleToLearn
from gongzhi.matters.facts import SuggestionsTrained
from gongzhi.matters.learning import LONGEST, Learned, packed, unpacked
from gongzhi.matters.letters import pieces
from gongzhi.matters.models import Matter, SuggestionModel
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.queries.public import ANSWERED
from gongzhi.matters.queries.suggestions import by_hints

MOST_MATTERS: Final = 50_000  # the newest
LEAST_EACH: Final = 5  # closed matters of a category, below which it is not learned
HELD_OUT: Final = 5  # one in so many is kept from learning and measured on
MOST_PIECES: Final = 8000
# A piece that fewer matters hold is left out: it would be one person's name or house.
LEAST_MATTERS: Final = 3
KEPT: Final = 5  # versions


@dataclass(frozen=True, slots=True)
class Trained:
    """What training came to."""

    number: int
    measured: dict[str, Any]
    bytes: int


@action
def train_suggestions(*, actor: Actor) -> Trained:
    """Learn anew from closed matters, and bring the new version into use.

    Measured on matters held out of a first round; the version in use has learned from all.
    Raises `NotAllowed`, `TooLittleToLearn`.
    """
    require(allow_if(actor.has("system.manage"), _("您不能更新分类建议")))
    texts, codes = _closed_matters()
    if len(set(codes)) < 2:
        mend = _("至少要有两类，每类办结 %(n)d 件") % {"n": LEAST_EACH}
        raise TooLittleToLearn(mend=mend)
    held = _held_out(codes)
    rest = [n for n in range(len(codes)) if n not in held]
    first = _learn([texts[n] for n in rest], [codes[n] for n in rest])
    measured = _measure(first, [(texts[n], codes[n]) for n in sorted(held)])
    measured |= {"matters": len(codes), "categories": len(set(codes))}
    content = packed(_learn(texts, codes))
    newest = SuggestionModel.objects.order_by("-number").values_list("number", flat=True).first()
    number = (newest or 0) + 1
    SuggestionModel.objects.create(
        number=number,
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        measured=measured,
        organisations=_organisations(),
        trained_at=clock.now(),
    )
    SuggestionModel.objects.filter(number__lte=number - KEPT).delete()
    served = districts()
    shares = [round(1000 * measured[key]) for key in ("first", "among_three")]
    fact = SuggestionsTrained(number, len(codes), len(set(codes)), *shares)
    emit(fact, area=served[0].code if served else "")
    return Trained(number, measured, len(content))


def _closed_matters() -> tuple[list[str], list[str]]:
    """Return the words and categories of closed matters of kinds that have enough of them."""
    book = category_book()
    parents = {one.parent for one in book.categories.values()}
    lowest = [code for code in book.categories if code not in parents]
    found = Matter.objects.filter(
        category__in=lowest, main=None, case__status="closed", case__outcome_kind__in=ANSWERED
    )
    rows = list(found.order_by("-pk").values_list("words", "category")[:MOST_MATTERS])
    often = Counter(code for _words, code in rows)
    kept = [(words[:LONGEST], code) for words, code in rows if often[code] >= LEAST_EACH]
    return [words for words, _code in kept], [code for _words, code in kept]


def _held_out(codes: Sequence[str]) -> set[int]:
    """Return every fifth matter of each category: the same ones whenever it is done again."""
    by_code: dict[str, list[int]] = defaultdict(list)
    for place, code in enumerate(codes):
        by_code[code].append(place)
    return {n for places in by_code.values() for n in places[::HELD_OUT]}


def _learn(texts: Sequence[str], codes: Sequence[str]) -> Learned:
    """Return a linear model over the pieces of the texts; the library is needed here alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    least = LEAST_MATTERS if len(texts) > 10 * LEAST_MATTERS else 1
    reader = TfidfVectorizer(
        analyzer=lambda text: list(pieces(text)),
        min_df=least,
        max_features=MOST_PIECES,
        sublinear_tf=True,
    )
    try:
        made = reader.fit_transform(texts)
    except ValueError:  # no piece is in so many matters
        raise TooLittleToLearn(mend=_("等办结的事项多一些再试")) from None
    model = LogisticRegression(C=10.0, max_iter=2000, class_weight="balanced")
    model.fit(made, codes)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    vocabulary = {str(p): int(place) for p, place in reader.vocabulary_.items()}
    ordered = dict(sorted(vocabulary.items(), key=lambda item: item[1]))
    plain = [np.asarray(one, dtype=np.float32) for one in (reader.idf_, weights, bias)]
    return Learned(tuple(map(str, model.classes_)), ordered, *plain)


def _measure(first: Learned, held: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return how often the first guess, and one of three, was right; beside it the hints."""
    learned = unpacked(packed(first))  # as it would be kept, rounded
    by_code: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    hints = 0
    for words, code in held:
        told = [one.code for one in learned.guesses(words)]
        by_code[code][0] += 1
        by_code[code][1] += told[:1] == [code]
        by_code[code][2] += code in told
        hints += [one.code for one in by_hints(words)[:1]] == [code]
    n = len(held)
    totals = [sum(row[k] for row in by_code.values()) for k in (1, 2)]
    return {
        "held_out": n,
        "first": round(totals[0] / n, 4),
        "among_three": round(totals[1] / n, 4),
        "hints_first": round(hints / n, 4),
        "by_category": dict(sorted(by_code.items())),
    }


def _organisations() -> dict[str, Any]:
    """Return by category who had a part in its closed matters, most often first."""
    closed = Matter.objects.filter(
        case__status="closed", case__outcome_kind__in=ANSWERED, main=None
    ).exclude(category="")
    totals = dict(closed.values_list("category").annotate(Count("pk")).order_by())
    with_part = closed.filter(case__parties__organisation__isnull=False)
    rows = with_part.values_list("category", "case__parties__organisation")
    found: dict[str, list[list[int]]] = defaultdict(list)
    for code, organisation, n in rows.annotate(Count("pk", distinct=True)).order_by():
        found[code].append([organisation, n])
    return {
        code: {"of": totals[code], "handled": sorted(rows, key=lambda row: -row[1])[:5]}
        for code, rows in found.items()
    }
