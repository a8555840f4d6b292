"""Named SQL statements: each lives in `<app>/sql/<name>.sql` and is read once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection

_columns: dict[str, tuple[str, ...]] = {}
_HOME = Path(__file__).resolve().parent.parent


class Statement(str):
    """The text of a named statement: the connection keeps its plan."""

    __slots__ = ()


@functools.cache
def statement(app: str, name: str) -> Statement:
    """Return the text of the named statement; FileNotFoundError names a missing one."""
    return Statement((_HOME / app / "sql" / f"{name}.sql").read_text(encoding="utf-8"))


def rows(app: str, name: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Run the named statement and return its rows, each as a dict by column name."""
    return run(statement(app, name), params or {})


def run(text: Statement, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Run a statement built on a named one and return its rows, each as a dict."""
    with connection.cursor() as cursor:
        cursor.execute(text, dict(params))
        names = _columns.get(text)
        if names is None:
            # Asked for once: a statement answers with the same columns as long as it lives.
            names = _columns[text] = tuple(column[0] for column in cursor.description or ())
        return [
            dict(zip(names, found, strict=True)) for found in (cursor.fetchall() if names else ())
        ]


def row(app: str, name: str, params: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """Run the named statement and return its first row, or None when there is none."""
    found = rows(app, name, params)
    return found[0] if found else None
