"""Everybody is told each thing once, reads his own notices alone, and leaves a receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.held import forget_all
from gongzhi.messages import actions, queries
from gongzhi.messages.actions import NewNotice
from gongzhi.messages.choices import MOST_COUNTED
from gongzhi.messages.errors import NoticeUnknown
from gongzhi.messages.models import Delivery, Notice
from gongzhi.messages.tests.support import NIGHT, NOON, person, resident, tell

pytestmark = pytest.mark.django_db


def test_the_same_fact_is_told_once_to_each() -> None:
    one, other = person("one"), person("other")
    assert tell(one) == 1
    assert tell(one) == 0
    assert tell(other) == 1
    assert tell(one, step="fact:2") == 1
    assert tell(one, template="case.overdue") == 1
    assert queries.unread_count(one) == 3
    assert queries.unread_count(other) == 1


def test_a_resident_is_told_one_thing_at_each_step() -> None:
    resident()
    resident("other@example.com")
    assert tell(template="matter.received", step="step:7:1") == 2
    assert tell(template="matter.step", step="step:7:1") == 0
    assert tell(template="matter.step", step="step:8:1") == 2
    assert tell(template="matter.step", step="step:8:2", subject_id=2) == 0


def test_what_is_told_twice_in_one_call_is_told_once() -> None:
    reader = person("reader", email="a@example.com", kinds=("deadline",))
    resident()
    common = {"step": "step:7:1", "subject_kind": "case", "subject_id": 1, "reference": "x"}
    both: dict[str, Any] = {**common, "accounts": [reader.account], "addresses": True}
    new = [NewNotice(template=t, **both) for t in ("case.overdue", "case.overdue", "matter.step")]
    assert actions.tell(actor=SYSTEM, notices=new) == 3
    assert list(Notice.objects.order_by("pk").values_list("template", "account")) == [
        ("case.overdue", reader.account),
        ("matter.step", reader.account),
        ("case.overdue", None),
    ]
    assert Delivery.objects.count() == 2


def test_an_e_mail_goes_to_those_who_asked_for_its_kind_only() -> None:
    asked = person("asked", email="a@example.com", kinds=("deadline",))
    tell(asked, template="case.assigned")
    assert Delivery.objects.count() == 0
    tell(asked, template="case.overdue")
    tell(person("silent"), template="case.overdue")
    assert Delivery.objects.count() == 1


def test_at_night_an_e_mail_waits_until_morning_unless_it_is_urgent() -> None:
    asked = person("asked", email="a@example.com", kinds=("deadline",))
    with clock.travel_to(NIGHT):
        tell(asked, template="case.overdue")
        tell(asked, template="case.escalated")
        assert queries.unread_count(asked) == 2
    planned = list(Delivery.objects.order_by("pk").values_list("next_try", flat=True))
    assert planned == [NIGHT + timedelta(hours=8), NIGHT]


def test_the_unread_come_first_and_pages_follow_keys() -> None:
    reader = person()
    for number in range(7):
        tell(reader, step=f"fact:{number}")
    ids = list(Notice.objects.order_by("pk").values_list("pk", flat=True))
    for read in ids[4:6]:
        actions.mark_read(actor=reader, notice=read)
    seen, cursor = [], ""
    while True:
        page = queries.list_notices(reader, cursor=cursor, size=2)
        seen += [(row.id, row.is_read) for row in page.items]
        if page.next is None:
            break
        cursor = page.next
    unread = [ids[6], ids[3], ids[2], ids[1], ids[0]]
    assert seen == [(one, False) for one in unread] + [(ids[5], True), (ids[4], True)]
    only = queries.list_notices(reader, unread=True)
    assert [row.id for row in only.items] == unread
    with pytest.raises(InvalidInput):
        queries.list_notices(reader, cursor="nonsense")


@pytest.mark.requirement("003-15")
def test_the_first_receipt_stays() -> None:
    reader = person()
    tell(reader)
    notice = Notice.objects.get()
    with clock.travel_to(NOON):
        actions.mark_read(actor=reader, notice=notice.pk)
    actions.mark_read(actor=reader, notice=notice.pk)
    notice.refresh_from_db()
    assert notice.read_at == NOON
    assert actions.mark_all_read(actor=reader) == 0


def test_nobody_reads_anothers_notices() -> None:
    reader, other = person("reader"), person("other")
    tell(reader)
    notice = Notice.objects.get().pk
    for stranger in (other, ANONYMOUS, SYSTEM, Actor("reporter", None, "")):
        assert queries.list_notices(stranger).items == ()
        assert queries.unread_count(stranger) == 0
        with pytest.raises(NoticeUnknown):
            queries.opened(stranger, notice)
        with pytest.raises(NoticeUnknown):
            actions.mark_read(actor=stranger, notice=notice)
        assert actions.mark_all_read(actor=stranger) == 0


def test_the_bell_counts_no_further_than_it_shows() -> None:
    reader = person()
    for number in range(MOST_COUNTED + 5):
        tell(reader, step=f"fact:{number}")
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert queries.unread_count(reader) == MOST_COUNTED + 1
    assert len(caught) == 1


def test_a_page_of_notices_costs_the_same_at_one_and_at_three() -> None:
    reader = person()
    counts = []
    for wanted in (1, 3):
        while Notice.objects.count() < wanted:
            tell(reader, step=f"fact:{Notice.objects.count()}")
        forget_all()
        with CaptureQueriesContext(connection) as caught:
            assert len(queries.list_notices(reader).items) == wanted
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 3


def test_a_notice_is_to_one_recipient_and_a_key_is_used_once() -> None:
    reader = person()
    tell(reader)

    @action
    def break_it(*, actor: Actor, **changes: object) -> None:
        Notice.objects.update(**changes)

    @action
    def repeat(*, actor: Actor) -> None:
        again = Notice.objects.get()
        again.pk = None
        again.save(force_insert=True)

    with pytest.raises(IntegrityError):
        break_it(actor=SYSTEM, account=None)
    with pytest.raises(IntegrityError):
        repeat(actor=SYSTEM)


def test_old_notices_go_when_they_were_read() -> None:
    reader = person()
    with clock.travel_to(NOON - timedelta(days=200)):
        tell(reader, step="fact:1")
        actions.mark_all_read(actor=reader)
        tell(reader, step="fact:2")
    with clock.travel_to(NOON):
        tell(reader, step="fact:3")
        actions.mark_read(actor=reader, notice=Notice.objects.order_by("-pk")[0].pk)
        actions.forget_old_notices(actor=SYSTEM)
    assert list(Notice.objects.order_by("pk").values_list("fact", "read_at")) == [
        (None, None),
        (None, NOON),
    ]
