"""How long disputes and consultations are kept after their end: a rule of `retention.yaml`."""

from __future__ import annotations

import functools
from typing import Any

import yaml

from gongzhi.kernel.districts import files_of


@functools.cache
def _rule() -> dict[str, Any]:
    rule: dict[str, Any] = {}
    for file in files_of("retention.yaml"):
        found = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        rule |= found.get("mediation") or {}
    return rule


def dispute_days() -> int:
    """Return the days after closing from which parties and words of a dispute must be gone."""
    return int(_rule()["dispute_days"])


def counselling_days() -> int:
    """Return the days after closing from which person and words of a consultation must be gone."""
    return int(_rule()["counselling_days"])
