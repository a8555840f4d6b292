"""How long the reporter of a closed matter is kept: a rule of `retention.yaml`."""

from __future__ import annotations

import functools
from typing import Any

import yaml

from gongzhi.kernel.districts import files_of


@functools.cache
def reporter_days() -> int:
    """Return the days after closing from which a reporter must be gone."""
    rule: dict[str, Any] = {}
    for file in files_of("retention.yaml"):
        found = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        rule |= found.get("matters") or {}
    return int(rule["reporter_days"])
