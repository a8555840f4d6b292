"""How long personal data is kept: the rules of `retention.yaml`, the district's over the base."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from gongzhi.kernel import clock


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


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


@functools.cache
def retention() -> Retention:
    """Return the rules; what the district's own file names replaces the base's."""
    home = Path(settings.DISTRICTS)
    base = Path(__file__).resolve().parent.parent / "districts" / "_base" / "retention.yaml"
    found = _read(base)
    own = _read(home / settings.DISTRICT / "retention.yaml") if settings.DISTRICT else {}
    rules = {
        item["field"]: Rule(item["field"], item["from"], int(item["days"]), item["basis"])
        for item in [*found.get("people", []), *own.get("people", [])]
    }
    tokens = {**found["tokens"], **own.get("tokens", {})}
    return Retention(rules, int(tokens["days"]), int(tokens["longest"]))


def keep_until(field: str, *, stored: datetime, closed: datetime | None) -> date | None:
    """Return the day from which a piece of data must be gone; None while nothing ends it."""
    rule = retention().fields[field]
    start = stored if rule.counted_from == "stored" else closed
    return clock.local(start).date() + timedelta(days=rule.days) if start else None
