"""The shares that a form's numbers must reach, e.g. at least two thirds present."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from gongzhi.procedures.definition.model import Move, Rule


@dataclass(frozen=True, slots=True)
class Broken:
    """A share that is not reached: at which field, and in what words."""

    field: str
    template: str
    words: Mapping[str, str]

    @property
    def message(self) -> str:
        """The words in the reader's language."""
        return gettext(self.template) % self.words

    @property
    def plain(self) -> str:
        """The words as written here, where no language is set up."""
        return self.template % self.words


def broken_rules(move: Move, data: Mapping[str, Any]) -> tuple[Broken, ...]:
    """Every rule of the move that these answers do not keep; missing numbers break none."""
    labels = {field.key: field.label for field in move.form}
    found = (_broken(rule, data, labels) for rule in move.rules)
    return tuple(broken for broken in found if broken)


def _broken(rule: Rule, data: Mapping[str, Any], labels: Mapping[str, str]) -> Broken | None:
    part, whole = data.get(rule.part), data.get(rule.whole)
    if not _counts(part) or not _counts(whole):
        return None
    words = {
        "part": labels.get(rule.part, rule.part),
        "whole": labels.get(rule.whole, rule.whole),
        "share": f"{rule.numerator}/{rule.denominator}",
    }
    if not 0 <= part <= whole:
        return Broken(rule.part, _("%(part)s应在 0 与%(whole)s之间"), words)
    reached, needed = part * rule.denominator, whole * rule.numerator
    if whole > 0 and (reached > needed if rule.strict else reached >= needed):
        return None
    if rule.strict:
        return Broken(rule.part, _("%(part)s须超过%(whole)s的%(share)s"), words)
    return Broken(rule.part, _("%(part)s须达到%(whole)s的%(share)s"), words)


def _counts(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
