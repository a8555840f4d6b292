"""What staff visit people for: each district's data (`visits.yaml`)."""

from __future__ import annotations

import functools
from typing import Any

import yaml

from gongzhi.kernel.districts import files_of
from gongzhi.kernel.languages import in_language


@functools.cache
def _purposes() -> dict[str, dict[str, str]]:
    """Return the names of each purpose: the district's own list, else the shipped one."""
    found: dict[str, Any] = yaml.safe_load(files_of("visits.yaml")[-1].read_text("utf-8"))
    return {one["id"]: one["name"] for one in found["purposes"]}


def purposes() -> dict[str, str]:
    """Return the purposes with their names in the reader's language."""
    return {key: in_language(names) for key, names in _purposes().items()}


def purpose_name(purpose: str) -> str:
    """Return what a purpose is called; one that left the list is called by its key."""
    return purposes().get(purpose, purpose)
