"""How long the reporter of a closed matter is kept: a rule of `retention.yaml`."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

_BASE = Path(__file__).resolve().parent.parent / "districts" / "_base" / "retention.yaml"


def _rule(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return dict(found.get("matters") or {})


@functools.cache
def reporter_days() -> int:
    """Return the days after closing from which a reporter must be gone."""
    own = Path(settings.DISTRICTS) / settings.DISTRICT / "retention.yaml"
    rule = _rule(_BASE) | (_rule(own) if settings.DISTRICT else {})
    return int(rule["reporter_days"])
