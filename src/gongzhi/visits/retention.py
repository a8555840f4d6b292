"""How long the words of a visit are kept: a rule of `retention.yaml`."""

from __future__ import annotations

import functools
from typing import Any

import yaml

from gongzhi.kernel.districts import files_of


@functools.cache
def visit_days() -> int:
    """Return the days after which the words of a visit must be gone."""
    rule: dict[str, Any] = {}
    for file in files_of("retention.yaml"):
        found = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        rule |= found.get("visits") or {}
    return int(rule["visit_days"])
