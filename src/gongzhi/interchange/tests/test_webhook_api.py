"""REST operations of webhooks: added with the secret told once, stopped, looked over, resent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.models import KeptAnswer
from gongzhi.interchange import jobs
from gongzhi.interchange.models import Delivery, Endpoint
from gongzhi.interchange.tests.program import add, listening
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.held import forget_all
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import Caller, is_problem
from gongzhi.organisations.tests import support as small
from gongzhi.people.models import Account
from gongzhi.procedures.tests.support import World


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    settings.WEBHOOKS_TO_LOOPBACK = True
    return support.build()


@pytest.fixture
def admin(world: World) -> Actor:
    return small.staff("admin", "system_admin", small.DISTRICT)


@pytest.fixture
def caller(admin: Actor) -> Caller:
    return Caller(admin, "system.manage", "people.see")


def _wanted(world: World, url: str, *events: str) -> dict[str, Any]:
    owner = Account.objects.get(pk=world.staff["community_secretary"].account or 0)
    wanted = events or ("matter.closed",)
    return {"name": "市级平台", "url": url, "events": wanted, "owner": owner.username}


def test_an_endpoint_is_added_tried_stopped_and_removed(caller: Caller, world: World) -> None:
    with listening() as program:
        made = caller.post("/webhooks", _wanted(world, program.url), key="w1")
        assert made.status_code == 201
        program.secret = made.json()["secret"]
        again = caller.post("/webhooks", _wanted(world, program.url), key="w1")
        assert again.json() == made.json()
        assert Endpoint.objects.count() == 1
        where = f"/webhooks/{made.json()['id']}"
        assert caller.post(f"{where}/test", {}).status_code == 204
        jobs.send_webhooks(0)
    log = caller.get(f"{where}/deliveries").json()
    assert [(one["type"], one["state"]) for one in log["items"]] == [("webhook.test", "sent")]
    delivery = log["items"][0]["id"]
    assert caller.post(f"{where}/deliveries/{delivery}/resend", {}).status_code == 204
    is_problem(caller.post(f"{where}/deliveries/{delivery}/resend", {}), 409)
    is_problem(caller.post(f"{where}/deliveries/0/resend", {}), 404)
    assert caller.post(f"{where}/pause", {}).status_code == 204
    assert caller.get(where).json()["paused"]
    assert caller.post(f"{where}/resume", {}).status_code == 204
    assert caller.get("/webhooks").json()[0]["paused"] == ""
    assert caller.post(f"{where}/remove", {}).status_code == 204
    assert caller.get("/webhooks").json() == []
    is_problem(caller.get(where), 404)


def test_the_secret_is_told_once_and_kept_sealed(caller: Caller, world: World) -> None:
    body = _wanted(world, "https://example.com/in")
    made = caller.post("/webhooks", body, key="w1")
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    assert secret not in caller.get(f"/webhooks/{made.json()['id']}").content.decode()
    assert not [one for one in KeptAnswer.objects.all() if secret.encode() in bytes(one.body)]


def test_what_cannot_be_an_endpoint_is_refused(caller: Caller, world: World) -> None:
    is_problem(caller.post("/webhooks", _wanted(world, "http://10.0.0.1/")), 422, "url")
    is_problem(caller.post("/webhooks", _wanted(world, "https://example.com", "odd")), 422)
    unknown = {**_wanted(world, "https://example.com"), "owner": "nobody-here"}
    is_problem(caller.post("/webhooks", unknown), 422, "owner")
    assert "matter.closed" in {one["type"] for one in caller.get("/webhooks/events").json()}


def test_who_does_not_administer_gets_nothing(world: World, admin: Actor) -> None:
    made = add(admin, world.staff["community_secretary"])
    worker = Caller(world.staff["grid_worker"])
    is_problem(worker.get("/webhooks"), 403)
    is_problem(worker.post(f"/webhooks/{made.id}/pause", {}), 403)
    assert Endpoint.objects.get().paused_at is None
    assert Delivery.objects.count() == 0


def test_three_endpoints_take_as_many_statements_as_one(
    caller: Caller, world: World, admin: Actor
) -> None:
    taken = []
    for more in (1, 2):
        for _n in range(more):
            add(admin, world.staff["community_secretary"])
        forget_all()
        with CaptureQueriesContext(connection) as counted:
            caller.get("/webhooks")
        taken.append(len(counted))
    assert taken[0] == taken[1]
