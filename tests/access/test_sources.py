"""A need heard on a visit becomes a matter without retyping, once, through the pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from gongzhi.facts.models import FactRecord
from gongzhi.facts.queries import timeline
from gongzhi.kernel import sources
from gongzhi.kernel.action import BATCHES, HANDLERS
from gongzhi.kernel.errors import NotFound
from gongzhi.matters.actions import NewMatter, report_matter
from gongzhi.matters.models import Matter
from gongzhi.matters.tests import support
from gongzhi.organisations.tests import support as small
from gongzhi.procedures.tests.support import GRID, World, desk, make
from gongzhi.visits.models import Visit
from gongzhi.visits.tests.support import LAMP, PLACE, first_need, record

TAKEN = "这条需求已经转为事项了"


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any) -> World:
    """The small district of the matters' tests."""
    settings.MEDIA_ROOT = tmp_path
    return support.build()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def fields(page: str) -> dict[str, str]:
    """Return what a browser would send of the form of a new matter, as it stands."""
    form = re.search(r'<form[^>]*action="/desk/matters/new/".*?</form>', page, re.DOTALL)
    assert form is not None
    found = {
        name: value
        for tag in re.findall(r"<input[^>]*>", form[0])
        for name, value in [(_of(tag, "name"), _of(tag, "value"))]
        if name and _of(tag, "type") not in ("file", "radio", "checkbox")
    }
    for name, rest in _whole("textarea", form[0]):
        found[name] = rest.strip()
    for name, options in _whole("select", form[0]):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        if chosen:
            found[name] = chosen[1]
    return found


def _whole(tag: str, page: str) -> list[tuple[str, str]]:
    return re.findall(rf'<{tag}[^>]*name="(\w+)"[^>]*>(.*?)</{tag}>', page, re.DOTALL)


def _of(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def hear(case: int) -> None:
    """Give the case's facts to their handlers, twice: delivery is at least once."""
    for fact in timeline(case) * 2:
        for handler in HANDLERS.get(fact.kind, ()):
            handler([fact] if handler in BATCHES else fact)


@pytest.mark.requirement("001-13")
def test_visit_need_and_matter_without_retyping(world: World) -> None:
    worker = world.staff["grid_worker"]
    client = desk(worker)
    given = {"purpose": "routine", "area": [GRID], "place_text": PLACE, "words_1": LAMP}
    day = {"visited_on": "2026-01-05", "rows": "2"}
    shown = text(client.post("/desk/visits/new/", {**given, **day}, follow=True))
    link = re.search(r'href="(/desk/matters/new/\?source=visits\.need:\d+)"', shown)
    assert link is not None
    sent = fields(text(client.get(link[1])))
    assert (sent["words"], sent["place_text"], sent["channel"]) == (LAMP, PLACE, "visit")
    assert sent["area"] == GRID
    entered = client.post("/desk/matters/new/", sent)
    assert entered.status_code == 302
    matter = Matter.objects.get()
    assert (matter.words, matter.channel, matter.case.area) == (LAMP, "visit", GRID)
    fact = FactRecord.objects.get(kind="matters.reported")
    assert fact.data["source"] == f"visits.need:{first_need().pk}"
    visit = f"/desk/visits/{Visit.objects.get().pk}/"
    assert "已转为事项" in text(client.get(visit))
    hear(matter.case_id)
    assert first_need().case_id == matter.case_id
    page = text(client.get(visit))
    assert matter.case.reference in page
    assert "网格" in page
    assert "转为事项" not in page
    make(world, matter.case_id, "answer", result="solved", answer="换了灯泡")
    assert "回访" in text(client.get(visit))


def test_a_second_try_is_refused_in_words(world: World) -> None:
    worker = world.staff["grid_worker"]
    client = desk(worker)
    record(worker)
    address = f"/desk/matters/new/?source=visits.need:{first_need().pk}"
    first, second = (fields(text(client.get(address))) for _each in range(2))
    assert client.post("/desk/matters/new/", first).status_code == 302
    assert client.post("/desk/matters/new/", first).status_code == 302  # the same press again
    refused = client.post("/desk/matters/new/", second)
    assert TAKEN in text(refused)
    assert LAMP in text(refused)
    asked = client.get(address)
    assert asked.status_code == 409
    assert TAKEN in text(asked)
    assert Matter.objects.count() == 1


def test_a_draft_is_given_to_whom_may_see_its_record_alone(world: World) -> None:
    record(world.staff["grid_worker"])
    code = f"visits.need:{first_need().pk}"
    clerk = world.staff["district_clerk"]
    outside = small.staff("outside", "community_worker", "320602001002")
    for actor in (clerk, outside):
        answer = desk(actor).get(f"/desk/matters/new/?source={code}")
        assert answer.status_code == 404
        assert LAMP not in text(answer)
        with pytest.raises(NotFound):
            report_matter(
                actor=actor,
                report=NewMatter(words="灯", area=GRID, channel="visit", source=code),
            )
    assert Client().get(f"/desk/matters/new/?source={code}").status_code == 302
    assert not Matter.objects.exists()
    assert first_need().taken_at is None


@pytest.mark.parametrize("code", ["visits.need:0", "visits.need:99", "nothing:1", "x", "a.b:1"])
def test_what_is_no_source_is_refused(world: World, code: str) -> None:
    worker = world.staff["grid_worker"]
    assert desk(worker).get("/desk/matters/new/", {"source": code}).status_code == 404
    with pytest.raises(NotFound):
        sources.draft_of(worker, code)
    with pytest.raises(NotFound):
        report_matter(
            actor=worker, report=NewMatter(words="灯", area=GRID, channel="visit", source=code)
        )


def test_a_refused_report_leaves_the_need_as_it_was(world: World) -> None:
    worker = world.staff["grid_worker"]
    record(worker)
    source = f"visits.need:{first_need().pk}"
    sent = {"words": "", "channel": "visit", "area": [GRID], "source": source}
    page = text(desk(worker).post("/desk/matters/new/", sent))
    assert f'name="source" value="{source}"' in page
    assert first_need().taken_at is None


def test_a_need_becomes_a_matter_by_the_api_once(world: World) -> None:
    worker = world.staff["grid_worker"]
    record(worker)
    powers = ("visits.see", "visits.record", "matters.see", "matters.report")
    caller = support.Caller(worker, *powers)
    visit = Visit.objects.get().pk
    need = caller.get(f"/visits/{visit}").json()["needs"][0]
    body = {"words": need["words"], "area": GRID, "source": need["source"]}
    stranger = support.Caller(world.staff["other_secretary"], *powers)
    assert stranger.post("/matters", body).status_code == 404
    done = caller.post("/matters", body, key="once")
    assert done.status_code == 201
    assert caller.post("/matters", body, key="once").json() == done.json()
    assert caller.post("/matters", body).status_code == 409
    assert Matter.objects.count() == 1
    assert caller.get(f"/visits/{visit}").json()["needs"][0]["taken"]
    assert caller.post("/matters", {**body, "source": "visits.need:x"}).status_code == 404
