"""The words of visits go when their time is over; where, when and how many stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.procedures.tests.support import World, desk
from gongzhi.visits import actions, queries
from gongzhi.visits.actions import NewNeed
from gongzhi.visits.errors import VisitErased
from gongzhi.visits.models import Need, Visit
from gongzhi.visits.retention import visit_days
from gongzhi.visits.tests.support import LAMP, PLACE, first_need, record

ONE = (NewNeed(words=LAMP, promise="问物业"),)


def test_words_go_when_their_time_is_over_and_numbers_stay(world: World) -> None:
    worker = world.staff["grid_worker"]
    visit = record(worker, needs=ONE)
    need = first_need().pk
    actions.answer_need(actor=worker, need=need, result="换了灯泡")
    assert Visit.objects.get().keep_until == clock.today() + timedelta(days=visit_days())
    assert actions.erase_expired(actor=SYSTEM) == 0
    with clock.travel_to(clock.now() + timedelta(days=visit_days())):
        assert actions.erase_expired(actor=SYSTEM) == 1
        assert actions.erase_expired(actor=SYSTEM) == 0
    found = Visit.objects.get()
    assert (found.heard, found.place_text, found.keep_until) == ("", "", None)
    kept = Need.objects.get()
    assert (kept.words, kept.promise, kept.result) == ("", "", "")
    assert kept.result_at is not None
    assert FactRecord.objects.filter(kind="visits.erased").count() == 1
    shown = queries.get_visit(worker, visit)
    assert (shown.erased, shown.recordable, len(shown.needs)) == (True, False, 1)
    page = desk(worker).get(f"/desk/visits/{visit}/").content.decode()
    assert "保存期满" in page
    assert "有结果" in page
    for words in (LAMP, PLACE, "改结果", "转为事项"):
        assert words not in page
    with pytest.raises(VisitErased):
        actions.answer_need(actor=worker, need=need, result="又坏了")
    with pytest.raises(VisitErased):
        queries.draft_of_need(worker, need)
    with pytest.raises(VisitErased):
        actions.take_need(actor=worker, source=need)


def test_a_visit_waits_for_its_needs(world: World) -> None:
    worker = world.staff["grid_worker"]
    record(worker, needs=ONE)
    with clock.travel_to(clock.now() + timedelta(days=visit_days() + 1)):
        assert actions.erase_expired(actor=SYSTEM) == 0
        actions.answer_need(actor=worker, need=first_need().pk, result="换了灯泡")
        assert actions.erase_expired(actor=SYSTEM) == 1


def test_not_more_than_asked_for_at_a_time(world: World) -> None:
    worker = world.staff["grid_worker"]
    for _each in range(3):
        record(worker, needs=())
    with clock.travel_to(clock.now() + timedelta(days=visit_days())):
        assert actions.erase_expired(actor=SYSTEM, limit=2) == 2
        assert actions.erase_expired(actor=SYSTEM, limit=2) == 1
