"""Visits by the API: written down once, read in reach, each need answered or made a matter."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from gongzhi.kernel import clock
from gongzhi.organisations.tests import support as small
from gongzhi.people.actions import issue_token
from gongzhi.procedures.tests.support import GRID, World
from gongzhi.visits.models import Visit
from gongzhi.visits.tests.support import LAMP, PLACE, record

ROOT = "/api/v1"
SCOPES = ("visits.see", "visits.record")


class Caller:
    """Calls the API with a token of these scopes."""

    def __init__(self, actor: Any, *scopes: str) -> None:
        raw = issue_token(actor=actor, name="test", scopes=scopes or SCOPES).raw
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {raw}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{ROOT}{path}", query, headers=self.headers)

    def post(self, path: str, body: Any, key: str = "") -> Any:
        sent = self.headers | ({"Idempotency-Key": key} if key else {})
        raw = json.dumps(body).encode()
        return self.client.post(f"{ROOT}{path}", raw, "application/json", headers=sent)


def given(**more: Any) -> dict[str, Any]:
    today = clock.today().isoformat()
    needs = [{"words": LAMP, "promise": "问物业", "promised_for": today}, {"words": "想装扶手"}]
    told = {"area": GRID, "visited_on": today, "purpose": "routine", "place_text": PLACE}
    return {**told, "heard": "家里都好", "needs": needs, **more}


def test_a_visit_is_written_down_once_and_read(world: World) -> None:
    caller = Caller(world.staff["grid_worker"])
    done = caller.post("/visits", given(), key="once")
    assert done.status_code == 201
    assert caller.post("/visits", given(), key="once").json() == done.json()
    assert Visit.objects.count() == 1
    visit = done.json()["visit"]
    assert done["Location"] == f"{ROOT}/visits/{visit}"
    found = caller.get(f"/visits/{visit}").json()
    assert (found["place_text"], found["heard"], found["erased"]) == (PLACE, "家里都好", False)
    assert [need["words"] for need in found["needs"]] == [LAMP, "想装扶手"]
    assert found["needs"][0]["waits"]
    assert {"id": "routine", "name": "日常走访"} in caller.get("/visit-purposes").json()


def test_what_is_wrong_is_told_at_its_field(world: World) -> None:
    caller = Caller(world.staff["grid_worker"])
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for more, field in (
        ({"area": small.STREET}, "area"),
        ({"visited_on": tomorrow, "needs": []}, "visited_on"),
        ({"purpose": "nothing"}, "purpose"),
        ({"needs": [{"words": " ", "promise": "修"}]}, "words_1"),
    ):
        refused = caller.post("/visits", given(**more))
        assert refused.status_code == 422, refused.content
        assert [one["field"] for one in refused.json()["errors"]] == [field]
    assert caller.post("/visits", given(needs=[{"words": "灯"}] * 13)).status_code == 422
    assert not Visit.objects.exists()


def test_lists_turn_pages_and_tabs(world: World) -> None:
    worker = world.staff["grid_worker"]
    caller = Caller(worker)
    made = [record(worker), record(worker, needs=()), record(worker)]
    first = caller.get("/visits", limit=2).json()
    rest = caller.get("/visits", limit=2, cursor=first["next"]).json()
    assert [row["id"] for row in (*first["items"], *rest["items"])] == made[::-1]
    assert [row["id"] for row in caller.get("/visits", tab="open").json()["items"]] == [
        made[2],
        made[0],
    ]
    assert caller.get("/visits", tab="nothing").status_code == 422
    assert caller.get("/visits", order="newest").status_code == 422


def test_what_came_of_a_need_is_written_by_who_may(world: World) -> None:
    worker = world.staff["grid_worker"]
    visit = record(worker)
    caller, superior = Caller(worker), Caller(world.staff["street_secretary"], "visits.see")
    need = caller.get(f"/visits/{visit}").json()["needs"][0]["id"]
    path = f"/visits/{visit}/needs/{need}/result"
    assert superior.get(f"/visits/{visit}").status_code == 200
    assert superior.post(path, {"result": "好了"}).status_code == 403
    assert caller.post(path, {"result": " "}).status_code == 422
    assert caller.post(path, {"result": "换了灯泡"}).status_code == 204
    assert caller.get(f"/visits/{visit}").json()["needs"][0]["result"] == "换了灯泡"
    other = record(worker)
    assert caller.post(f"/visits/{other}/needs/{need}/result", {"result": "x"}).status_code == 404
    stranger = Caller(small.staff("near", "grid_worker", "320602001002001"))
    assert stranger.get(f"/visits/{visit}").status_code == 404
    assert stranger.post(path, {"result": "x"}).status_code == 404
