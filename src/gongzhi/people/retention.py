"""How long personal data is kept: the rules of `retention.yaml`, the district's over the base."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import yaml

from gongzhi.kernel import clock
from gongzhi.kernel.districts import files_of


@dataclass(frozen=True, slots=True)
class Rule:
    """One field's rule: kept *days* from the day it was stored, or the account was closed."""

    field: str
    counted_from: str
    days: int
    basis: str


@dataclass(frozen=True, slots=True)
class Retention:
    """All rules of an installation."""

    fields: dict[str, Rule]
    token_days: int
    token_longest: int


@functools.cache
def retention() -> Retention:
    """Return the rules; what the district's own file names replaces the base's."""
    rules: dict[str, Rule] = {}
    tokens: dict[str, Any] = {}
    for file in files_of("retention.yaml"):
        found = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        for item in found.get("people") or ():
            name = item["field"]
            rules[name] = Rule(name, item["from"], int(item["days"]), item["basis"])
        tokens |= found.get("tokens") or {}
    return Retention(rules, int(tokens["days"]), int(tokens["longest"]))


def keep_until(field: str, *, stored: datetime, closed: datetime | None) -> date | None:
    """Return the day from which a piece of data must be gone; None while nothing ends it."""
    rule = retention().fields[field]
    start = stored if rule.counted_from == "stored" else closed
    return clock.local(start).date() + timedelta(days=rule.days) if start else None
