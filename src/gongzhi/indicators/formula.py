"""The small language of indicators: names of measures, numbers, + - * / and brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|([-+*/()]))")
_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


class FormulaInvalid(ValueError):
    """A formula that cannot be read; the text says where."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been read: what it asks for, and how it is worked out."""

    text: str
    names: frozenset[str]
    tree: object

    def value(self, known: Mapping[str, float]) -> float | None:
        """Return the value; None where something is divided by nothing."""
        try:
            return _worth(self.tree, known)
        except ZeroDivisionError:
            return None


def read_formula(text: str) -> Formula:
    """Read a formula; raise `FormulaInvalid`."""
    tokens = _tokens(text)
    names = frozenset(word for kind, word in tokens if kind == "name")
    tree = _sum(tokens)
    if tokens:
        raise FormulaInvalid(_("“%(word)s”的位置不对") % {"word": tokens[0][1]})
    return Formula(text, names, tree)


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaInvalid(_("第 %(n)d 个字符看不懂") % {"n": at + 1})
        kinds = ("number", "name", "sign")
        found += [(kind, word) for kind, word in zip(kinds, match.groups(), strict=True) if word]
        at = match.end()
    return found


def _sum(tokens: list[tuple[str, str]]) -> object:
    left = _product(tokens)
    while tokens and tokens[0][1] in ("+", "-"):
        sign = tokens.pop(0)[1]
        left = (sign, left, _product(tokens))
    return left


def _product(tokens: list[tuple[str, str]]) -> object:
    left = _single(tokens)
    while tokens and tokens[0][1] in ("*", "/"):
        sign = tokens.pop(0)[1]
        left = (sign, left, _single(tokens))
    return left


def _single(tokens: list[tuple[str, str]]) -> object:
    if not tokens:
        raise FormulaInvalid(_("公式没有写完"))
    kind, word = tokens.pop(0)
    if kind == "number":
        return float(word)
    if kind == "name":
        return word
    if word != "(":
        raise FormulaInvalid(_("“%(word)s”的位置不对") % {"word": word})
    inside = _sum(tokens)
    if not tokens or tokens.pop(0)[1] != ")":
        raise FormulaInvalid(_("括号没有配对"))
    return inside


def _worth(tree: object, known: Mapping[str, float]) -> float:
    if isinstance(tree, float):
        return tree
    if isinstance(tree, str):
        return float(known.get(tree, 0))
    if not isinstance(tree, tuple):
        raise TypeError("no tree of a formula")
    sign, left, right = tree
    return _OPERATIONS[sign](_worth(left, known), _worth(right, known))
