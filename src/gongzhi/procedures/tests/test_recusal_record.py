"""What the database itself keeps of recusals: none is deleted or rewritten, accounts agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection

from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.procedures import actions
from gongzhi.procedures.models import Case, Recusal
from gongzhi.procedures.tests.support import World, open_matter


@pytest.fixture
def found(world: World) -> Recusal:
    """A recusal in force."""
    case = open_matter(first_move="to_grid")
    told = {"reason": "interest", "words": "我家也开店"}
    actions.recuse_oneself(actor=world.staff["grid_worker"], case=case, **told)
    return Recusal.objects.get()


@action
def _write(*, actor: Actor, write: Callable[[], Any]) -> None:
    """Write past the actions, and let the checks of the commit speak."""
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(write: Callable[[], Any], words: str) -> None:
    with pytest.raises(DatabaseError, match=words):
        _write(actor=SYSTEM, write=write)


def row(one: Recusal) -> Any:
    return Recusal.objects.filter(pk=one.pk)


def test_it_is_never_deleted_and_says_the_same_for_good(found: Recusal) -> None:
    refused(lambda: row(found).delete(), "never deleted")
    for change in (
        {"account": found.account + 1},
        {"reason": "other"},
        {"at": clock.now()},
        {"ordered_by": 1},
    ):
        refused(lambda c=change: row(found).update(**c), "stays as it was")  # type: ignore[misc]


def test_it_is_not_taken_back_without_a_word_nor_twice(world: World, found: Recusal) -> None:
    now = clock.now()
    refused(lambda: row(found).update(taken_back_at=now), "without a word")
    refused(lambda: row(found).update(taken_back_by=1), "taken_back_whole")
    superior = world.staff["street_secretary"]
    told: dict[str, Any] = {"case": found.case_id, "recusal": found.pk, "words": "查明无关"}
    actions.take_back_recusal(actor=superior, **told)
    refused(lambda: row(found).update(taken_back_at=None), "stays as it was")
    refused(lambda: row(found).update(taken_back_by=1), "stays as it was")


def test_whom_a_case_keeps_away_is_whom_its_recusals_name(found: Recusal) -> None:
    case = Case.objects.filter(pk=found.case_id)
    refused(lambda: case.update(recused=[]), "keeps away others")
    refused(lambda: case.update(recused=[found.account, found.account + 1]), "keeps away others")
    sealed = {"taken_back_at": clock.now(), "taken_back_sealed": b"x"}
    refused(lambda: row(found).update(**sealed), "keeps away others")
    again = {
        "case_id": found.case_id,
        "account": found.account + 1,
        "reason": "other",
        "at": clock.now(),
    }
    refused(lambda: Recusal.objects.create(**again), "keeps away others")
