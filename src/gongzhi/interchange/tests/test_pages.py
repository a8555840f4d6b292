"""The pages of webhooks: added with the secret shown once, tested, paused, resent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.interchange import actions, jobs
from gongzhi.interchange.choices import EVENTS
from gongzhi.interchange.models import Delivery, Endpoint
from gongzhi.interchange.tests.program import listening
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.held import forget_all
from gongzhi.matters.tests import support
from gongzhi.organisations.tests import support as small
from gongzhi.people.models import Account
from gongzhi.procedures.tests.support import World

LIST = "/desk/webhooks/"


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    settings.WEBHOOKS_TO_LOOPBACK = True
    return support.build()


@pytest.fixture
def admin(world: World) -> Actor:
    return small.staff("admin", "system_admin", small.DISTRICT)


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account or 0))
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def owner_of(world: World) -> str:
    return Account.objects.get(pk=world.staff["community_secretary"].account or 0).username


def test_a_person_adds_tests_pauses_and_resends(admin: Actor, world: World) -> None:
    client = browser(admin)
    assert "还没有推送地址" in client.get(LIST).content.decode()
    with listening() as program:
        given = {"name": "市级平台", "url": program.url, "events": ["matter.closed"]}
        shown = client.post(f"{LIST}new/", {**given, "owner": owner_of(world)})
        told = shown.content.decode()
        program.secret = re.findall(r"whsec_[A-Za-z0-9+/=]+", told)[0]
        endpoint = Endpoint.objects.get()
        assert "whsec_" not in client.get(f"{LIST}{endpoint.pk}/").content.decode()
        program.answers = [500]
        assert client.post(f"{LIST}{endpoint.pk}/test/").status_code == 302
        jobs.send_due()
        page = client.get(f"{LIST}{endpoint.pk}/").content.decode()
        assert "对方答复出错" in page
        assert "500" in page
        delivery = Delivery.objects.get()
        again = f"{LIST}{endpoint.pk}/{delivery.pk}/resend/"
        assert client.post(again).status_code == 409  # waits anyway
    client.post(f"{LIST}{endpoint.pk}/pause/")
    assert "恢复推送" in client.get(f"{LIST}{endpoint.pk}/").content.decode()
    client.post(f"{LIST}{endpoint.pk}/resume/")
    assert client.post(f"{LIST}{endpoint.pk}/nothing/").status_code == 404
    assert client.post(f"{LIST}{endpoint.pk}/remove/")["Location"] == LIST
    assert client.get(f"{LIST}{endpoint.pk}/").status_code == 404


def test_what_is_wrong_is_said_at_its_field(admin: Actor, world: World) -> None:
    client = browser(admin)
    given = {"name": "甲", "url": "http://10.0.0.1/", "events": ["matter.closed"]}
    page = client.post(f"{LIST}new/", {**given, "owner": "nobody-here"})
    assert page.status_code == 422
    assert "没有找到这个人" in page.content.decode()
    page = client.post(f"{LIST}new/", {**given, "owner": owner_of(world)})
    assert page.status_code == 422
    assert "须为 https:// 开头的公网地址" in page.content.decode()
    assert not Endpoint.objects.exists()


def test_the_pages_speak_english(admin: Actor, world: World) -> None:
    client = browser(admin)
    endpoint = _add(admin, world)
    for path in (LIST, f"{LIST}new/", f"{LIST}{endpoint}/"):
        main = client.get(path, headers={"Accept-Language": "en"}).content.decode()
        main = main[main.index("<main") : main.index("</main>")]
        assert not re.findall(r"[\u4e00-\u9fff]", re.sub(r"市级平台|甲区", "", main)), path


def _add(admin: Actor, world: World) -> int:
    owner = world.staff["community_secretary"].account or 0
    given = {"name": "市级平台", "url": "https://a.example/", "events": list(EVENTS)}
    return actions.add_endpoint(actor=admin, owner=owner, **given).id  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_log_take_the_same_statements_for_any_number(
    admin: Actor, world: World, rows: int
) -> None:
    client = browser(admin)
    for _number in range(rows):
        endpoint = _add(admin, world)
    for _number in range(rows):
        actions.send_test(actor=admin, endpoint=endpoint)
    counted: list[int] = []
    # What the page around them asks is others' business: it is taken off.
    for path in (f"{LIST}new/", LIST, f"{LIST}{endpoint}/"):
        client.get(path)
        forget_all()
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counted.append(len(captured) - sum(counted[:1]))
    assert counted[1:] == [2, 4], counted
