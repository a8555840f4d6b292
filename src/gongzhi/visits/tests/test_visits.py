"""A visit is entered once, with its needs; who may see it does, and nobody is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM
from gongzhi.kernel.errors import NotAllowed
from gongzhi.kernel.held import forget_all
from gongzhi.organisations.tests import support as small
from gongzhi.procedures.tests.support import BASE, GRID, STREET, World, desk
from gongzhi.visits import actions, queries
from gongzhi.visits.actions import NewNeed
from gongzhi.visits.errors import NeedTaken, VisitInvalid, VisitUnknown
from gongzhi.visits.models import Need, Visit
from gongzhi.visits.tests.support import LAMP, PLACE, first_need, record

GIVEN = {
    "visited_on": "",
    "purpose": "routine",
    "area": [GRID],
    "place_text": PLACE,
    "heard": "家里都好",
    "rows": "2",
    "words_1": LAMP,
    "promise_1": "问物业",
    "key": "k" * 64,
}


def given(**more: Any) -> dict[str, Any]:
    return {**GIVEN, "visited_on": clock.today().isoformat(), **more}


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.requirement("001-13")
def test_a_visit_with_its_needs_is_entered_once_on_the_page(world: World) -> None:
    client = desk(world.staff["grid_worker"])
    shown = client.post("/desk/visits/new/", given(), follow=True)
    assert "走访已记下" in text(shown)
    for words in (LAMP, "问物业", PLACE, "家里都好", "日常走访"):
        assert words in text(shown)
    client.post("/desk/visits/new/", given())
    assert Visit.objects.count() == 1
    assert Need.objects.count() == 1
    assert PLACE in text(client.get("/desk/visits/"))


def test_rows_are_added_by_one_press_and_keep_what_was_typed(world: World) -> None:
    client = desk(world.staff["grid_worker"])
    page = text(client.post("/desk/visits/new/", given(more="1", visited_on="", purpose="")))
    assert 'name="words_4"' in page
    assert 'name="words_5"' not in page
    assert LAMP in page
    assert "家里都好" in page
    assert "field-error" not in page
    assert not Visit.objects.exists()
    sent = given(rows="4", words_4="想装扶手", words_1="")
    client.post("/desk/visits/new/", {**sent, "promise_1": ""})
    assert list(Need.objects.values_list("number", "words")) == [(1, "想装扶手")]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"area": [STREET]}, "没有选到社区"),
        ({"purpose": "nothing"}, "选择"),
        ({"words_1": ""}, "没有写是什么需求"),
        ({"promised_for_1": "2020-01-01"}, "早于走访日期"),
        ({"visited_on": "2999-01-01"}, "日期还没有到"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(
    world: World, more: dict[str, Any], words: str
) -> None:
    client = desk(world.staff["grid_worker"])
    page = text(client.post("/desk/visits/new/", given(**more)))
    assert words in page
    assert "家里都好" in page
    assert not Visit.objects.exists()


def test_what_came_of_a_need_is_written_beside_it(world: World) -> None:
    worker = world.staff["grid_worker"]
    visit = record(worker)
    need = first_need()
    client = desk(worker)
    address = f"/desk/visits/{visit}/needs/{need.pk}/"
    assert client.post(address, {"result": " "}).status_code == 200
    assert first_need().result_at is None
    page = text(client.post(address, {"result": "物业换了灯泡"}, follow=True))
    assert "物业换了灯泡" in page
    assert queries.get_visit(worker, visit).needs[0].result == "物业换了灯泡"


def test_tabs_list_what_waits_and_what_is_overdue_and_the_last_one_is_kept(world: World) -> None:
    worker = world.staff["grid_worker"]
    today = clock.today()
    late = NewNeed(words=LAMP, promise="修", promised_for=today - timedelta(days=1))
    done, waiting, overdue = (
        record(worker, needs=()),
        record(worker),
        record(worker, needs=(late,), visited_on=today - timedelta(days=3)),
    )

    def listed(tab: str) -> set[int]:
        return {one.id for one in queries.list_visits(worker, tab=tab).items}

    assert listed("all") == {done, waiting, overdue}
    assert listed("open") == {waiting, overdue}
    assert listed("late") == {overdue}
    client = desk(worker)
    client.get("/desk/visits/", {"tab": "late"})
    again = text(client.get("/desk/visits/"))
    assert f"/desk/visits/{overdue}/" in again
    assert f"/desk/visits/{done}/" not in again
    assert client.get("/desk/visits/", {"tab": "nothing"}).status_code == 200


# --- who sees what -----------------------------------------------------------------------------
def test_visits_are_seen_in_reach_and_with_the_power_alone(world: World) -> None:
    visit = record(world.staff["grid_worker"])
    for role in ("community_worker", "community_secretary", "street_officer", "street_secretary"):
        assert queries.get_visit(world.staff[role], visit).place_text == PLACE
    outside = small.staff("outside", "community_worker", "320602001002")
    clerk = world.staff["district_clerk"]
    for actor in (outside, clerk, ANONYMOUS, world.liaisons[world.departments[0]]):
        assert queries.list_visits(actor).items == ()
        with pytest.raises(VisitUnknown):
            queries.get_visit(actor, visit)
        with pytest.raises(VisitUnknown):
            queries.need_for(actor, first_need().pk)
    assert desk(clerk).get("/desk/visits/").status_code == 403
    assert desk(outside).get(f"/desk/visits/{visit}/").status_code == 404
    with pytest.raises(NotAllowed):
        record(outside)
    secretary = world.staff["street_secretary"]
    with pytest.raises(NotAllowed):
        actions.answer_need(actor=secretary, need=first_need().pk, result="好了")
    with pytest.raises(NotAllowed):
        actions.take_need(actor=secretary, source=first_need().pk)


def test_nothing_follows_persons(world: World) -> None:
    record(world.staff["grid_worker"])
    stored = {field.name for model in (Visit, Need) for field in model._meta.get_fields()}
    assert not stored & {"lon", "lat", "position", "started_at", "left_at", "visited_at", "name"}
    for fact in FactRecord.objects.filter(kind__startswith="visits."):
        assert fact.data == {"visit": Visit.objects.get().pk, "purpose": "routine", "needs": 2}
    assert "visits" not in (BASE / "indicators.yaml").read_text("utf-8")


def test_a_need_that_was_taken_has_no_other_result(world: World) -> None:
    worker = world.staff["grid_worker"]
    record(worker)
    need = first_need().pk
    actions.take_need(actor=worker, source=need)
    with pytest.raises(NeedTaken):
        actions.answer_need(actor=worker, need=need, result="好了")
    with pytest.raises(NeedTaken):
        actions.take_need(actor=worker, source=need)
    with pytest.raises(NeedTaken):
        queries.draft_of_need(worker, need)


@pytest.mark.parametrize("result", ["", "长" * 1001])
def test_a_result_is_some_words(world: World, result: str) -> None:
    worker = world.staff["grid_worker"]
    record(worker)
    with pytest.raises(VisitInvalid):
        actions.answer_need(actor=worker, need=first_need().pk, result=result)


def test_a_case_is_noted_on_what_was_taken_alone(world: World) -> None:
    from gongzhi.procedures.tests.support import open_matter

    record(world.staff["grid_worker"])
    need, case = first_need().pk, open_matter()
    actions.note_case(actor=SYSTEM, need=need, case=case)
    assert first_need().case_id is None
    actions.take_need(actor=world.staff["grid_worker"], source=need)
    for _again in range(2):
        actions.note_case(actor=SYSTEM, need=need, case=case)
    assert first_need().case_id == case
    assert FactRecord.objects.filter(kind="visits.need_became_matter").count() == 1


# --- the database is asked no more for more rows -----------------------------------------------
def test_the_list_asks_as_often_for_three_rows_as_for_one(world: World) -> None:
    worker = world.staff["grid_worker"]
    client = desk(worker)
    client.get("/desk/visits/")
    asked = []
    for rows in (1, 2):
        for _each in range(rows):
            record(worker)
        forget_all()
        with CaptureQueriesContext(connection) as found:
            assert client.get("/desk/visits/").status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_one_visit_asks_as_often_for_three_needs_as_for_one(world: World) -> None:
    worker = world.staff["grid_worker"]
    client = desk(worker)
    asked = []
    for count in (1, 3):
        visit = record(worker, needs=tuple(NewNeed(words=LAMP) for _each in range(count)))
        client.get(f"/desk/visits/{visit}/")
        forget_all()
        with CaptureQueriesContext(connection) as found:
            client.get(f"/desk/visits/{visit}/")
        asked.append(len(found))
    assert asked[0] == asked[1]
