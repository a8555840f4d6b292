"""What is held in memory is read once, and forgotten where it changes."""

from __future__ import annotations

import pytest
from django.db import transaction

from gongzhi.kernel.held import Held, note_change


def words(asked: list[list[str]], known: dict[str, int]) -> Held[str, int]:
    def read(keys: list[str]) -> dict[str, int]:
        asked.append(sorted(keys))
        return {key: known[key] for key in keys if key in known}

    return Held(read, changed_by=("lamps.",), seconds=60, most=2)


def test_what_is_held_is_not_read_again() -> None:
    asked: list[list[str]] = []
    held = words(asked, {"a": 1, "b": 2})
    assert held.many(["a"]) == {"a": 1}
    assert held.many(["a", "b"]) == {"a": 1, "b": 2}
    assert held.one("a") == 1
    assert asked == [["a"], ["b"]]


def test_what_is_not_known_is_asked_for_each_time() -> None:
    asked: list[list[str]] = []
    held = words(asked, {})
    assert held.one("x") is None
    assert held.many(["x"]) == {}
    assert len(asked) == 2


def test_no_more_is_held_than_allowed() -> None:
    asked: list[list[str]] = []
    held = words(asked, {"a": 1, "b": 2, "c": 3})
    held.many(["a", "b"])
    assert held.one("c") == 3
    assert held.one("c") == 3
    assert asked == [["a", "b"], ["c"], ["c"]]


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_changes_it_empties_it_at_once_and_at_the_commit() -> None:
    """Read again before the commit, another process's thread would keep the old value for good."""
    known = {"a": 1}
    held = words([], known)
    assert held.one("a") == 1
    with transaction.atomic():
        known["a"] = 2
        note_change("lamps.changed")
        assert held.one("a") == 2
        known["a"] = 3
    assert held.one("a") == 3


@pytest.mark.django_db
def test_other_facts_leave_it() -> None:
    known = {"a": 1}
    held = words([], known)
    held.one("a")
    known["a"] = 2
    note_change("other.changed")
    assert held.one("a") == 1
