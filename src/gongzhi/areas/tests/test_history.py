"""What the database itself refuses: overlap, rewritten history, households lost on the way."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from gongzhi.areas.actions.writing import NewArea, check_conserved
from gongzhi.areas.choices import AdjustmentKind, AdjustmentState
from gongzhi.areas.errors import AreaOverlap, NotConserved
from gongzhi.areas.models import Adjustment, Area, Succession
from gongzhi.areas.tests.support import DAY, HOME, SINCE, current, open_rows
from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db


@action
def _write(*, actor: Actor, sql: str, params: list[str | int | date]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_one_code_cannot_mean_two_areas_on_one_day(tree: None) -> None:
    twice = NewArea(HOME, "又一社区", "residential", DAY)
    with pytest.raises(AreaOverlap) as caught:
        open_rows(actor=SYSTEM, rows=[twice])
    assert caught.value.mend


def test_a_closed_span_may_be_followed_but_not_overlapped(tree: None) -> None:
    _write(
        actor=SYSTEM,
        sql="UPDATE areas_area SET valid_to = %s WHERE code = %s",
        params=[DAY, HOME],
    )
    open_rows(actor=SYSTEM, rows=[NewArea(HOME, "一社区", "residential", DAY)])
    early = NewArea(HOME, "一社区", "residential", date(2019, 1, 1), valid_to=date(2020, 6, 1))
    with pytest.raises(AreaOverlap):
        open_rows(actor=SYSTEM, rows=[early])


@pytest.mark.parametrize(
    ("column", "value"), [("code", "990101001009"), ("valid_from", date(2019, 1, 1))]
)
def test_a_row_keeps_its_code_and_first_day(tree: None, column: str, value: str | date) -> None:
    with pytest.raises(IntegrityError, match="cannot change"):
        _write(
            actor=SYSTEM,
            sql=f"UPDATE areas_area SET {column} = %s WHERE code = %s",
            params=[value, HOME],
        )


def test_a_closed_row_stays_as_it_was(tree: None) -> None:
    close = "UPDATE areas_area SET valid_to = %s WHERE code = %s"
    _write(actor=SYSTEM, sql=close, params=[DAY, HOME])
    with pytest.raises(IntegrityError, match="closed"):
        _write(
            actor=SYSTEM,
            sql="UPDATE areas_area SET households = 1 WHERE code = %s",
            params=[HOME],
        )


@pytest.mark.parametrize(
    ("code", "kind"),
    [("9901010", "residential"), ("99010100100a", "residential"), ("990101003", "residential")],
)
def test_codes_have_a_level_and_a_kind_that_fits_it(tree: None, code: str, kind: str) -> None:
    with pytest.raises(IntegrityError):
        _write(
            actor=SYSTEM,
            sql="INSERT INTO areas_area (code, name, short_name, kind, valid_from, origin)"
            " VALUES (%s, 'x', 'x', %s, %s, 'entered')",
            params=[code, kind, SINCE],
        )


@action
def _hand_on(*, actor: Actor, households: int, residents: int) -> None:
    old = current(HOME + "001")
    new = Area.objects.create(
        code=HOME + "009",
        name="新",
        short_name="新",
        kind="basic",
        valid_from=DAY,
        households=300,
        residents=700,
    )
    done = Adjustment.objects.create(
        kind=AdjustmentKind.RENUMBER,
        state=AdjustmentState.DONE,
        code=HOME,
        title="试",
        takes_effect=DAY,
        done_at=clock.now(),
    )
    Succession.objects.create(
        adjustment=done, predecessor=old, successor=new, households=households, residents=residents
    )
    check_conserved()


@pytest.mark.requirement("002-17")
@pytest.mark.parametrize(("households", "residents"), [(299, 700), (300, 701), (0, 0)])
def test_the_database_refuses_a_succession_that_loses_people(
    tree: None, households: int, residents: int
) -> None:
    with pytest.raises(NotConserved):
        _hand_on(actor=SYSTEM, households=households, residents=residents)


def test_a_succession_that_conserves_stays_for_ever(tree: None) -> None:
    _hand_on(actor=SYSTEM, households=300, residents=700)
    for sql in ("UPDATE areas_succession SET households = 1", "DELETE FROM areas_succession"):
        with pytest.raises(IntegrityError, match="history"):
            _write(actor=SYSTEM, sql=sql, params=[])
