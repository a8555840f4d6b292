"""Nothing is told or sent twice: by workers at once, by the log read at once, by one killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.utils import translation

from gongzhi.facts.actions import relay
from gongzhi.facts.models import DeadLetter, FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.actor import REPORTER, SYSTEM
from gongzhi.kernel.sql import statement
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import report
from gongzhi.messages import actions
from gongzhi.messages.addresses import confirm_secret
from gongzhi.messages.choices import LEASE_MINUTES
from gongzhi.messages.models import Address, Delivery, Notice
from gongzhi.messages.tests.support import MailServer, left, mail_server, resident, states, tell
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.tests.racing import together
from gongzhi.procedures.tests.support import World, make

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "li.xiaoming@example.com"
HOLD_NOTICES = "LOCK TABLE notices_notice IN SHARE MODE"  # readers pass, writers wait
MAILS, WORKERS = 24, 4


@pytest.fixture
def server(transactional_db: None, settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as served:
        yield served


def _by_day() -> None:
    """Make every waiting e-mail due now and urgent: the hour of the test does not matter."""
    with connection.cursor() as cursor:
        cursor.execute("/* test */ UPDATE notices_delivery SET urgent = true, next_try = now()")


def _work() -> int:
    """Send until nothing is due, as one worker does; return how many were looked at."""
    count = 0
    while actions.send_next(actor=SYSTEM):
        count += 1
    return count


def _at_once(calls: list[Any]) -> list[Any]:
    """Run calls in threads of their own connections, begun together; return their answers."""
    answers: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(place: int) -> None:
        close_old_connections()
        translation.activate("zh-hans")
        try:
            gate.wait(30)
            answers[place] = calls[place]()
        except Exception as error:  # noqa: BLE001 - the answer of the race is what is asked
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def test_a_claimed_e_mail_is_claimed_by_nobody_else(server: MailServer) -> None:
    """A second worker asks while the first one's claim is not committed yet.

    Seen failing (claimed twice) with `FOR UPDATE SKIP LOCKED` and the outer `AND state IN (…)`
    taken out of claim.sql; either of them alone is enough, the first spares the wait.
    """
    resident()
    tell(template="matter.received", step="step:1")
    claim = statement("messages", "claim")
    params: Any = {"now": clock.now() + timedelta(seconds=1), "quiet": False}
    with clock.travel_to(params["now"]):
        (second,) = together([lambda: actions.claim_next(actor=SYSTEM)], claim, params)
    assert second is None
    assert Delivery.objects.get().claim == 1


@pytest.mark.requirement("003-15")
def test_several_workers_send_every_e_mail_exactly_once(server: MailServer) -> None:
    for number in range(MAILS):
        resident(f"reader{number}@example.com", case=number)
        tell(template="matter.received", step=f"step:{number}", subject_id=number)
    _by_day()
    answers = _at_once([_work] * WORKERS)
    assert sum(answers) == MAILS, answers
    assert states() == ["sent"] * MAILS
    times = Counter(str(one["Message-ID"]) for one in server.mails)
    assert len(times) == MAILS
    assert set(times.values()) == {1}


def test_the_same_thing_told_at_once_is_told_once(server: MailServer) -> None:
    """Seen failing (an error, or two notices) without `ON CONFLICT` or the unique key."""
    resident()
    calls = [lambda: tell(template="matter.received", step="step:1")] * 3
    answers = together(calls, HOLD_NOTICES, [], waiters=3)
    assert sorted(answers) == [0, 0, 1]
    assert Notice.objects.count() == Delivery.objects.count() == 1


@pytest.fixture
def committed(server: MailServer, settings: Any, tmp_path: Path) -> Iterator[World]:
    """The small district, committed, so that the relay reads its facts."""
    settings.MEDIA_ROOT = tmp_path
    procedures.forget_versions()
    yield support.build()
    procedures.forget_versions()


def test_the_whole_way_through_the_log_tells_each_step_once(
    committed: World, server: MailServer
) -> None:
    """Two relays read at once, and the whole log is read a second time from its beginning."""
    found = report(email=EMAIL)
    _confirm(Address.objects.get().pk)
    make(committed, found.case, "pass_up", pass_reason="管不了")
    make(committed, found.case, "answer", result="solved", answer="已划线")
    make(committed, found.case, "verdict_solved")
    _at_once([_read_all] * 2)
    _again()
    _at_once([_read_all] * 2)
    assert list(DeadLetter.objects.values_list("error", flat=True)) == []
    _by_day()
    _at_once([_work] * 2)
    subjects = [str(one["Subject"]).strip().partition("（")[0] for one in server.mails]
    assert sorted(subjects) == sorted(
        [
            f"邮箱已确认，编号 {found.reference}",
            f"已收到，编号 {found.reference}",
            "有新进展：社区处理",
            "已答复，请您评价",
            "已办结：已解决",
        ]
    )


def _confirm(address: int) -> None:
    actions.confirm_address(actor=REPORTER, address=address, secret=confirm_secret(address))


def test_an_address_confirmed_twice_at_once_is_confirmed_once(server: MailServer) -> None:
    """Both have read it as unconfirmed and wait for its row.

    Seen failing (two facts) without `confirmed_at=None` in the UPDATE of `confirm_address`.
    """
    address = left().pk
    lock = "SELECT 1 FROM notices_address WHERE id = %s FOR UPDATE"
    answers = together([lambda: _confirm(address)] * 2, lock, [address], waiters=2)
    assert answers == [None, None]
    told = FactRecord.objects.filter(kind="notices.address_confirmed", data__address=address)
    assert told.count() == 1
    _by_day()
    _at_once([_work] * 2)
    assert [str(one["Subject"]) for one in server.mails] == ["邮箱已确认，编号 JQ-2603-00001-7"]


def _read_all() -> None:
    while relay():
        pass


def _again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("/* test */ UPDATE fact_reader SET xid = '0', fact = 0")


_WORKER = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "gongzhi.messages.mailing.SmtpBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
django.setup()
from gongzhi.kernel.actor import SYSTEM
from gongzhi.messages import actions
actions.send_next(actor=SYSTEM)
"""


def test_a_worker_killed_after_handing_over_sends_no_second_copy(server: MailServer) -> None:
    """The server has the whole text when the worker is killed, before anything is marked."""
    resident()
    tell(template="matter.received", step="step:1")
    server.answers["."] = "wait"
    name = str(connection.settings_dict["NAME"])
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER, name, str(server.port)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "gongzhi.config.settings"},
    )
    assert server.reached.wait(60)
    worker.send_signal(signal.SIGKILL)
    worker.wait(30)
    server.go.set()
    server.answers.clear()
    assert states() == ["sending"]
    assert _work() == 0
    with clock.travel_to(clock.now() + timedelta(minutes=LEASE_MINUTES + 1)):
        assert actions.give_up_interrupted(actor=SYSTEM) == 1
        assert _work() == 0
    assert states() == ["dead"]
    assert Delivery.objects.get().trouble == "unsure"
    assert len(server.heard) == 1
