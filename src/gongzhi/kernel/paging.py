"""Keyset paging: a page knows the key of its last row, never a count of rows to skip."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import InvalidInput

T = TypeVar("T")
LARGEST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the next page or None at the end."""

    items: tuple[T, ...]
    next: str | None = None


def encode(*key: Any) -> str:
    """Return the cursor for a row's sort key (texts, numbers, ISO times)."""
    raw = orjson.dumps(key, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_as(cursor: str, *types: type) -> list[Any]:
    """Return the sort key in *cursor*, each part of its type (texts, and numbers of rows).

    Raises `InvalidInput` when it is none of ours, or of another list.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = orjson.loads(base64.urlsafe_b64decode(padded))
    except ValueError:
        key = None
    if not isinstance(key, list) or len(key) != len(types) or not all(map(_fits, key, types)):
        raise _no_such_page()
    return key


def moment(text: str) -> datetime:
    """Return the aware moment in a cursor's sort key; raise `InvalidInput` when it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _no_such_page() from None
    if found.tzinfo is None:
        raise _no_such_page()
    return found


def _no_such_page() -> InvalidInput:
    return InvalidInput(_("翻页位置无效"), field="cursor", mend=_("请从第一页重新开始"))


def _fits(part: Any, kind: type) -> bool:
    if isinstance(part, str):
        return kind is str and "\x00" not in part
    return kind is int and type(part) is int and 0 <= part < 2**63


def limit(given: int | None, *, default: int = 50) -> int:
    """Return a page size within bounds; raise `InvalidInput` outside 1…200."""
    size = default if given is None else given
    if not 1 <= size <= LARGEST:
        raise InvalidInput(
            _("每页数量须在 1 到 200 之间"), field="limit", mend=_("请改为 1 到 200 的整数")
        )
    return size
