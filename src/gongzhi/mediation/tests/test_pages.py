"""The pages of disputes and consultations, as staff press through them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import clock
from gongzhi.kernel.held import forget_all
from gongzhi.mediation.models import Consultation, Dispute, Mediation, Reveal
from gongzhi.mediation.tests.support import ABOUT, NAMES, PERSON, PHONE, TROUBLE, consult, register
from gongzhi.procedures.tests.support import GRID, World, desk

GIVEN = {
    "kind": "neighbour",
    "area": [GRID],
    "about": ABOUT,
    "name_1": NAMES[0],
    "phone_1": PHONE,
    "name_2": NAMES[1],
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def act(client: Any, reference: str, what: str, **data: Any) -> Any:
    return client.post(f"/desk/cases/{reference}/{what}/", data, follow=True)


@pytest.mark.requirement("001-38")
def test_a_dispute_is_entered_mediated_agreed_and_reviewed_on_its_page(world: World) -> None:
    client = desk(world.staff["community_worker"])
    shown = client.post("/desk/disputes/new/", GIVEN, follow=True)
    assert "邻里纠纷" in text(shown)
    reference = Dispute.objects.get().case.reference
    today = clock.today().isoformat()
    assert "记一次调解" not in text(shown)
    act(client, reference, "moves/accept")
    shown = act(client, reference, "moves/begin")
    assert "记一次调解" in text(shown)
    assert "先记一次调解" in text(shown)
    held = {"held_on": today, "led": "丁演示", "words": "双方同意估价"}
    act(client, reference, "steps/record_mediation", **held)
    act(client, reference, "moves/agree")
    given = {"words": "七天内付清", "agreed_on": today, "due_on": today}
    act(client, reference, "steps/record_agreement", **given)
    act(client, reference, "moves/signed")
    act(client, reference, "steps/record_review", held_on=today, result="kept", words="付了")
    page = text(act(client, reference, "moves/finish"))
    for words in (ABOUT, "甲**", "139****0001", "双方同意估价", "七天内付清", "付了", "已化解"):
        assert words in page
    assert NAMES[0] not in page
    assert "邻里纠纷" in text(client.get("/desk/disputes/", {"status": "closed"}))
    assert reference not in text(client.get("/desk/disputes/"))


def test_two_presses_of_one_form_are_one_record(world: World) -> None:
    worker, counsellor = desk(world.staff["community_worker"]), desk(world.staff["counsellor"])
    told = {"area": [GRID], "name": PERSON, "about": TROUBLE}
    for client, address, given, model in (
        (worker, "/desk/disputes/new/", GIVEN, Dispute),
        (counsellor, "/desk/counselling/new/", told, Consultation),
    ):
        form = text(client.get(address))
        key = re.search(r'name="key" value="(\w{64})"', form)
        assert key is not None
        first, second = (client.post(address, {**given, "key": key[1]}) for _each in range(2))
        assert first.status_code == 302
        assert second.url == first.url
        assert model.objects.count() == 1
        assert client.post(address, {**given, "key": "b" * 64}).url != first.url


def test_what_is_wrong_comes_back_as_it_was_typed(world: World) -> None:
    client = desk(world.staff["community_worker"])
    page = text(client.post("/desk/disputes/new/", {**GIVEN, "name_2": "", "phone_1": "12"}))
    assert ABOUT in page
    assert NAMES[0] in page
    assert not Dispute.objects.exists()
    page = text(client.post("/desk/disputes/new/", {**GIVEN, "phone_1": "12"}))
    assert "电话号码不对" in page


def test_names_are_shown_whole_once_and_for_a_reason(world: World) -> None:
    client, reference = desk(world.staff["community_worker"]), register(world)
    shown = act(client, reference, "steps/reveal", reason="contact")
    assert NAMES[0] in text(shown)
    assert PHONE in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert Reveal.objects.count() == 1
    assert NAMES[0] not in text(client.get(f"/desk/cases/{reference}/"))
    assert "须写明理由" in text(act(client, reference, "steps/reveal", reason="other"))


def test_a_record_is_offered_to_whom_carries_the_dispute_alone(world: World) -> None:
    worker, reference = desk(world.staff["community_worker"]), register(world)
    act(worker, reference, "moves/accept")
    act(worker, reference, "moves/begin")
    grid = desk(world.staff["grid_worker"])
    assert "记一次调解" not in text(grid.get(f"/desk/cases/{reference}/")).split("先记一次调解")[0]
    held = {"held_on": clock.today().isoformat(), "led": "丁演示", "words": "我来调解"}
    act(grid, reference, "steps/record_mediation", **held)
    assert not Mediation.objects.exists()


def test_titles_are_told_in_the_readers_language(world: World) -> None:
    reference, consultation = register(world), consult(world)
    for role, address, one, name in (
        ("community_worker", "/desk/disputes/", reference, "Neighbours"),
        ("counsellor", "/desk/counselling/", consultation, "Counselling"),
    ):
        client = desk(world.staff[role])
        client.post("/settings/language/", {"language": "en"})
        for where in (address, f"/desk/cases/{one}/"):
            page = text(client.get(where))
            assert f">{name}<" in page, where
            assert ">邻里纠纷<" not in page


@pytest.mark.requirement("001-32")
def test_a_consultation_is_entered_and_shown_to_the_counsellor(world: World) -> None:
    client = desk(world.staff["counsellor"])
    given = {"area": [GRID], "name": PERSON, "phone": PHONE, "about": TROUBLE}
    page = text(client.post("/desk/counselling/new/", given, follow=True))
    assert TROUBLE in page
    assert "丙**" in page
    assert PERSON not in page
    listed = text(client.get("/desk/counselling/"))
    assert "心理疏导" in listed
    assert TROUBLE not in listed
    assert "丙" not in listed


# --- the lists ask the database no more for more rows ------------------------------------------
@pytest.mark.parametrize("address", ["/desk/disputes/", "/desk/counselling/"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(world: World, address: str) -> None:
    actor = world.staff["community_worker" if "disputes" in address else "counsellor"]
    make: Any = register if "disputes" in address else consult
    client = desk(actor)
    client.get(address)
    asked = []
    for rows in (1, 2):
        for _each in range(rows):
            make(world)
        forget_all()
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(address).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1]
