"""The kinds of request one can make: the categories of the table in force."""

from __future__ import annotations

from typing import Any

from gongzhi.matters.errors import CategoryUnknown
from gongzhi.matters.queries import CategoryBook, CategoryInfo, category_book


def services() -> list[dict[str, Any]]:
    """Return the categories that have none below them, each in the group of the highest above."""
    book = category_book()
    parents = {one.parent for one in book.categories.values()}
    return [
        {
            "service_code": one.code,
            "service_name": one.name,
            "description": one.basis,
            "metadata": False,
            "type": "realtime",
            "keywords": ", ".join(one.hint.split()),
            "group": _group(book, one),
        }
        for one in book.categories.values()
        if one.code not in parents
    ]


def definition(code: str) -> dict[str, Any]:
    """Return what a kind of request asks besides the standard's own fields: nothing.

    Raises `CategoryUnknown`.
    """
    if code not in category_book().categories:
        raise CategoryUnknown(field="service_code")
    return {"service_code": code, "attributes": []}


def _group(book: CategoryBook, one: CategoryInfo) -> str:
    while above := book.categories.get(one.parent):
        one = above
    return one.name
