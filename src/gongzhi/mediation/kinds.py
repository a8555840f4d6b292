"""Kinds of dispute: each district's data (`disputes.yaml`)."""

from __future__ import annotations

import functools
from typing import Any

import yaml

from gongzhi.kernel.districts import files_of
from gongzhi.kernel.languages import in_language


@functools.cache
def _kinds() -> dict[str, dict[str, str]]:
    """Return the names of each kind by language: the district's own list, else the shipped one."""
    found: dict[str, Any] = yaml.safe_load(files_of("disputes.yaml")[-1].read_text("utf-8"))
    return {one["id"]: one["name"] for one in found["kinds"]}


def kinds() -> dict[str, str]:
    """Return the kinds with their names in the reader's language."""
    return {key: in_language(names) for key, names in _kinds().items()}


def kind_name(kind: str) -> str:
    """Return what a kind is called; one that left the list is called by its key."""
    return kinds().get(kind, kind)


def told_title(title: str) -> str:
    """Return the title of a case in the reader's language, when it is the name of a kind."""
    found = (in_language(names) for names in _kinds().values() if names["zh"] == title)
    return next(found, title)


def written_name(kind: str) -> str:
    """Return the name under which a case is put on record, whoever writes it."""
    return _kinds()[kind]["zh"]
