"""`gongzhi verify` finds a record that stands otherwise than the log says."""

from __future__ import annotations

import argparse

import pytest
from django.db import connection

from gongzhi.cli.maintain import verify
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.matters.tests import support


@action
def _tamper(*, actor: Actor, case: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_case SET stage = 'street' WHERE id = %s", [case])


@pytest.mark.django_db(transaction=True)
def test_records_that_agree_pass_and_a_changed_one_is_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongzhi.cli.ready.set_up", lambda: False)  # set up by the test run
    support.build()
    reported = support.report()
    assert verify(argparse.Namespace(recount=False)) == 0
    _tamper(actor=SYSTEM, case=reported.case)
    assert verify(argparse.Namespace(recount=False)) == 1
    assert f"{reported.reference}: open street ≠" in capsys.readouterr().out
