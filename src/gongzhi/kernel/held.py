"""What a process holds in memory between requests, and how it learns that it has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from django.db import transaction

K = TypeVar("K")
T = TypeVar("T")

_all: list[Held] = []  # type: ignore[type-arg]  # of any kind


class Held(Generic[K, T]):
    """Answers by key, each kept for some seconds.

    `read` answers many keys in one statement. A process that changes what is held forgets it at
    once: an action that emits a fact whose kind begins with one of `changed_by` empties it, and
    again at the commit. Other processes see the change when the seconds are over, so only what
    may lag (a name, the number of a table) is held, never a right.
    """

    def __init__(
        self,
        read: Callable[[list[K]], dict[K, T]],
        *,
        changed_by: tuple[str, ...],
        seconds: float,
        most: int = 20_000,
    ) -> None:
        self._read = read
        self._changed_by = changed_by
        self._seconds = seconds
        self._most = most
        self._kept: dict[K, T] = {}
        self._end = 0.0
        _all.append(self)

    def many(self, keys: Collection[K]) -> dict[K, T]:
        """Return what is known of *keys*; one statement for those not held."""
        kept = self._fresh()
        missing = [key for key in dict.fromkeys(keys) if key not in kept]
        found = self._read(missing) if missing else {}
        answer = {key: kept[key] for key in keys if key in kept} | found
        if len(kept) + len(found) <= self._most:
            kept.update(found)
        return answer

    def one(self, key: K) -> T | None:
        """Return what is known of one key, None when nothing is."""
        return self.many((key,)).get(key)

    def _fresh(self) -> dict[K, T]:
        now = time.monotonic()
        if now >= self._end:
            # A new dictionary: another thread may be reading the old one.
            self._kept, self._end = {}, now + self._seconds
        return self._kept

    def forget(self) -> None:
        """Ask anew at the next question."""
        self._kept, self._end = {}, 0.0

    def concerns(self, kind: str) -> bool:
        """Whether a fact of this kind changes what is held."""
        return kind.startswith(self._changed_by)


def note_change(kind: str) -> None:
    """Forget what a fact of this kind changes: now, and when its action has committed."""
    concerned = [held for held in _all if held.concerns(kind)]
    for held in concerned:
        held.forget()
        transaction.on_commit(held.forget)


def forget_all() -> None:
    """Forget everything held, as a test does that begins with other data."""
    for held in _all:
        held.forget()
