"""Disputes and consultations by the API: the same doors, sealed and masked as on the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from gongzhi.kernel import clock
from gongzhi.mediation.models import Dispute, Reveal
from gongzhi.mediation.tests.support import ABOUT, NAMES, PERSON, PHONE, TROUBLE
from gongzhi.organisations.tests import support as small
from gongzhi.people.actions import issue_token
from gongzhi.procedures.tests.support import GRID, World, desk

ROOT = "/api/v1"
PARTIES = [{"name": NAMES[0], "phone": PHONE}, {"name": NAMES[1]}]
GIVEN = {"kind": "neighbour", "area": GRID, "about": ABOUT, "parties": PARTIES}
TOLD = {"area": GRID, "name": PERSON, "phone": PHONE, "about": TROUBLE}
BOTH = ("disputes.see", "disputes.handle")
CARE = ("counselling.see", "counselling.handle")


class Caller:
    """Calls the API with a token of these scopes."""

    def __init__(self, actor: Any, *scopes: str) -> None:
        raw = issue_token(actor=actor, name="test", scopes=scopes).raw
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {raw}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{ROOT}{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        sent = self.headers | ({"Idempotency-Key": key} if key else {})
        raw = json.dumps(body or {}).encode()
        return self.client.post(f"{ROOT}{path}", raw, "application/json", headers=sent)


@pytest.mark.requirement("001-38")
def test_a_dispute_goes_its_whole_way(world: World) -> None:
    caller = Caller(world.staff["community_worker"], *BOTH)
    done = caller.post("/disputes", GIVEN, key="once")
    assert done.status_code == 201
    reference = done.json()["reference"]
    assert done["Location"] == f"{ROOT}/disputes/{reference}"
    assert caller.post("/disputes", GIVEN, key="once").json() == done.json()
    assert Dispute.objects.count() == 1
    one, today = f"/disputes/{reference}", clock.today().isoformat()
    for move in ("accept", "begin"):
        assert caller.post(f"{one}/moves/{move}").status_code == 200
    assert caller.get(one).json()["wanted"] == ["mediation"]
    assert caller.post(f"{one}/moves/agree").status_code == 409
    held = {"held_on": today, "led": "丁演示", "words": "双方同意找人来估价"}
    assert caller.post(f"{one}/mediations", held).status_code == 204
    assert caller.post(f"{one}/parties", {"name": "戊演示"}).status_code == 204
    stale = caller.post(f"{one}/moves/agree", {"revision": 1})
    assert stale.status_code == 409
    assert caller.post(f"{one}/moves/agree").json()["stage"] == "agree"
    terms = {"words": "七天内付清", "agreed_on": today, "due_on": today}
    assert caller.post(f"{one}/agreements", terms).status_code == 204
    caller.post(f"{one}/moves/signed")
    kept = {"held_on": today, "result": "kept"}
    assert caller.post(f"{one}/reviews", kept).status_code == 204
    assert caller.post(f"{one}/moves/finish").json()["outcome"] == "settled"
    found = caller.get(one).json()
    assert [party["name"] for party in found["parties"]] == ["甲**", "乙**", "戊**"]
    assert found["mediations"][0]["led"] == "丁演示"
    assert (found["agreements"][0]["words"], found["reviews"][0]["result"]) == (
        "七天内付清",
        "已履行",
    )
    assert len(caller.get(f"{one}/timeline").json()) > 5
    listed = caller.get("/disputes", status="closed").json()["items"]
    assert [row["reference"] for row in listed] == [reference]
    assert caller.get("/disputes").json() == {"items": [], "next": None}
    assert caller.get("/disputes/counts").json() == {"open": 0, "closed": 1}


def test_what_is_wrong_is_told_at_its_field(world: World) -> None:
    caller = Caller(world.staff["community_worker"], *BOTH)
    for more, field in (
        ({"parties": PARTIES[:1]}, "name_2"),
        ({"kind": "nothing"}, "kind"),
        ({"area": "x"}, "area"),
        ({"about": " "}, "about"),
    ):
        refused = caller.post("/disputes", {**GIVEN, **more})
        assert refused.status_code == 422
        assert [one["field"] for one in refused.json()["errors"]] == [field]
    assert caller.post("/disputes", {**GIVEN, "more": 1}).status_code == 422
    assert caller.get("/disputes", order="newest").status_code == 422
    assert not Dispute.objects.exists()


def test_lists_turn_pages(world: World) -> None:
    caller = Caller(world.staff["community_worker"], *BOTH)
    made = [caller.post("/disputes", GIVEN).json()["reference"] for _each in range(3)]
    first = caller.get("/disputes", limit=2).json()
    rest = caller.get("/disputes", limit=2, cursor=first["next"]).json()
    rows = [*first["items"], *rest["items"]]
    assert [row["reference"] for row in rows] == made[::-1]
    assert rest["next"] is None
    assert not any(name in json.dumps(rows, ensure_ascii=False) for name in ("甲", ABOUT))


def test_names_stay_masked_without_the_power_and_a_reason(world: World) -> None:
    worker, secretary = world.staff["community_worker"], world.staff["community_secretary"]
    reference = Caller(worker, *BOTH).post("/disputes", GIVEN).json()["reference"]
    where = f"/disputes/{reference}/parties/reveal"
    why = {"reason": "contact"}
    assert Caller(worker, *BOTH).post(where, why).status_code == 403  # carries it, by a token
    assert Caller(secretary, "disputes.see").post(where, why).status_code == 403
    able = Caller(secretary, "disputes.see", "people.reveal")
    for body in ({}, {"reason": "curious"}, {"reason": "other"}):
        assert able.post(where, body).status_code == 422
    assert not Reveal.objects.exists()
    shown = able.post(where, why, key="once")
    assert [one["name"] for one in shown.json()] == list(NAMES)
    assert shown["Cache-Control"] == "no-store"
    able.post(where, why, key="once")
    assert Reveal.objects.count() == 2  # each look is on record, none is answered from a store
    at_the_desk = desk(worker).post(f"{ROOT}{where}", why, content_type="application/json")
    assert at_the_desk.json()[0]["phone"] == PHONE


@pytest.mark.requirement("001-32")
def test_a_consultation_is_the_counsellors_alone(world: World) -> None:
    counsellor = Caller(world.staff["counsellor"], *CARE)
    done = counsellor.post("/consultations", TOLD, key="once")
    assert done.status_code == 201
    reference = done.json()["reference"]
    one, today = f"/consultations/{reference}", clock.today().isoformat()
    assert counsellor.post(f"{one}/moves/begin").status_code == 200
    assert counsellor.post(f"{one}/moves/follow").status_code == 409
    talk = {"held_on": today, "words": "聊了一个小时"}
    assert counsellor.post(f"{one}/talks", talk).status_code == 204
    assert counsellor.post(f"{one}/moves/follow").json()["stage"] == "follow"
    found = counsellor.get(one).json()
    assert (found["person"]["name"], found["about"]) == ("丙**", TROUBLE)
    assert found["talks"][0]["words"] == "聊了一个小时"
    assert PERSON not in json.dumps(found, ensure_ascii=False)
    assert counsellor.get("/consultations/counts").json() == {"open": 1, "closed": 0}
    assert [row["reference"] for row in counsellor.get("/consultations").json()["items"]] == [
        reference
    ]
    assert counsellor.get(f"{one}/timeline").status_code == 200
    why = {"reason": "contact"}
    assert counsellor.post(f"{one}/person/reveal", why).status_code == 403  # a token
    shown = desk(world.staff["counsellor"]).post(
        f"{ROOT}{one}/person/reveal", why, content_type="application/json"
    )
    assert shown.json() == {"number": 1, "name": PERSON, "phone": PHONE}
    assert counsellor.get(f"/disputes/{reference}").status_code == 403


def test_one_is_not_the_other_and_out_of_reach_is_not_there(world: World) -> None:
    both = small.person("both", small.DISTRICT)
    small.give(both, "community_worker", small.COMMUNITY)
    small.give(both, "counsellor", small.STREET)
    from gongzhi.organisations.queries import actor_for

    caller = Caller(actor_for(both), *BOTH, *CARE)
    dispute = caller.post("/disputes", GIVEN).json()["reference"]
    consultation = caller.post("/consultations", TOLD).json()["reference"]
    assert caller.get(f"/disputes/{consultation}").status_code == 404
    assert caller.get(f"/consultations/{dispute}").status_code == 404
    assert caller.post(f"/consultations/{dispute}/moves/accept").status_code == 404
    neighbour = Caller(small.staff("near", "community_worker", "320602001002"), *BOTH)
    assert neighbour.get(f"/disputes/{dispute}").status_code == 404
    assert neighbour.post(f"/disputes/{dispute}/moves/accept").status_code == 404


def test_who_stood_aside_reads_nothing_by_the_api_either(world: World) -> None:
    worker = world.staff["community_worker"]
    caller = Caller(worker, *BOTH)
    reference = caller.post("/disputes", GIVEN).json()["reference"]
    path = f"/cases/{reference}/recusals"
    why = {"reason": "relative", "words": "是我表哥"}
    assert caller.post(path, why).json()["recused"] == [worker.account]
    found = caller.get(f"/disputes/{reference}").json()
    assert (found["about"], found["parties"], found["aside"]) == ("", [], True)
    assert not any(move["allowed"] for move in found["next_moves"])
    superior = Caller(world.staff["street_secretary"], *BOTH)
    (row,) = superior.get(path).json()
    back = superior.post(f"{path}/{row['id']}/take-back", {"words": "只是同名"})
    assert back.json()["recused"] == []
    assert caller.get(f"/disputes/{reference}").json()["about"] == ABOUT


def test_kinds_are_listed(world: World) -> None:
    caller = Caller(world.staff["community_worker"], *BOTH)
    assert {"id": "neighbour", "name": "邻里纠纷"} in caller.get("/dispute-kinds").json()
