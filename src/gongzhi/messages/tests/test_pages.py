"""One's notices, where they go, and the letters that did not go: pages and REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.models import DeadLetter, FactRecord
from gongzhi.kernel import clock, crypto
from gongzhi.kernel.action import HANDLERS, Fact, action, emit
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.held import forget_all
from gongzhi.messages import actions, queries
from gongzhi.messages.addresses import ADDRESS_PURPOSE
from gongzhi.messages.models import Address, Delivery, Notice
from gongzhi.messages.tests.support import NOON, person, resident, send_all, states, tell
from gongzhi.organisations.tests import support as small
from gongzhi.people.actions import issue_token
from gongzhi.people.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Actor:
    small.small_district()
    return small.staff("worker", "grid_worker", small.GRID)


def browser(actor: Actor) -> Client:
    """Return a browser of this person, second factor given."""
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account or 0))
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def page(client: Client, path: str, **more: Any) -> str:
    answer = client.get(path, **more)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def test_the_list_shows_the_unread_first_and_the_bell_counts_them(worker: Actor) -> None:
    client = browser(worker)
    empty = page(client, "/desk/notices/")
    assert "没有通知" in empty
    assert "bell-count" not in empty
    for number in (1, 2):
        tell(worker, step=f"fact:{number}", template=f"case.{'pool' if number > 1 else 'given'}")
    shown = page(client, "/desk/notices/")
    assert "通知，2 条未读" in shown
    assert 'bell-count"><span class="visually-hidden">未读 </span>2<' in shown
    first = Notice.objects.order_by("-pk")[0].pk
    assert client.post(f"/desk/notices/{first}/read/").status_code == 302
    shown = page(client, "/desk/notices/")
    assert shown.index("指派给您") < shown.index("可以认领")
    assert shown.index(">未读<") < shown.index(">已读<")
    client.post("/desk/notices/read/")
    assert "bell-count" not in page(client, "/desk/notices/")


def test_opening_what_is_out_of_sight_says_so(worker: Actor) -> None:
    tell(worker)
    client = browser(worker)
    answer = client.get(f"/desk/notices/{Notice.objects.get().pk}/", follow=True)
    assert "不在您的范围内" in answer.content.decode()
    assert Notice.objects.get().read_at is not None
    assert client.get(f"/desk/notices/{10**30}/").status_code == 404


def test_an_address_is_kept_sealed_shown_masked_and_removed(worker: Actor) -> None:
    client, path = browser(worker), "/desk/notices/mail/"
    assert client.post(path, {"kinds": ["deadline"]}).status_code == 422
    assert client.post(path, {"email": "nobody", "kinds": []}).status_code == 422
    assert client.post(path, {"email": "x@example.com", "kinds": ["nonsense"]}).status_code == 422
    good = {"email": "worker@example.com", "kinds": ["deadline", "assigned"]}
    assert client.post(path, good).status_code == 302
    kept = Address.objects.get()
    assert kept.kinds == ["assigned", "deadline"]
    assert b"worker" not in bytes(kept.sealed)
    shown = page(client, path)
    assert "w***@example.com" in shown
    assert "worker@example.com" not in shown
    assert client.post(path, {"email": "", "kinds": ["ruling"]}).status_code == 302
    kept.refresh_from_db()
    assert kept.kinds == ["ruling"]
    assert crypto.open_sealed(kept.sealed, ADDRESS_PURPOSE) == "worker@example.com"
    assert client.post(path, {"email": "", "kinds": [], "remove": "on"}).status_code == 302
    assert Address.objects.count() == 0
    told = FactRecord.objects.filter(kind="notices.address_kept").values_list("data", flat=True)
    assert len(told) == 3
    assert "example.com" not in str(list(told))


def test_english_readers_read_english(worker: Actor) -> None:
    tell(worker)
    client = browser(worker)
    client.cookies["django_language"] = "en"
    shown = page(client, "/desk/notices/")
    assert "Yours to handle" in shown
    assert "Mark all as read" in shown
    assert "Which notices come by e-mail" in page(client, "/desk/notices/mail/")


def test_pages_cost_the_same_at_one_and_at_three_rows(worker: Actor) -> None:
    operator = small.staff("operator", "system_admin", small.DISTRICT)
    seen: dict[str, list[int]] = {"/desk/notices/": [], "/desk/notices/letters/": []}
    clients = {path: browser(who) for path, who in zip(seen, (worker, operator), strict=True)}
    for wanted in (1, 3):
        while Notice.objects.filter(address=None).count() < wanted:
            number = Notice.objects.count()
            tell(worker, step=f"fact:{number}")
            resident(f"a{number}@example.com", case=number)
            tell(template="matter.step", step=f"step:{number}", subject_id=number)
        _die()
        for path, counts in seen.items():
            client = clients[path]
            page(client, path)
            forget_all()
            with CaptureQueriesContext(connection) as caught:
                page(client, path)
            counts.append(len(caught))
    for path, (one, three) in seen.items():
        assert one == three <= 12, path


@action
def _fail(*, actor: Actor) -> None:
    Delivery.objects.update(state="dead", trouble="refused", next_try=None, claimed_at=clock.now())


def _die() -> None:
    _fail(actor=SYSTEM)


def test_the_operator_sees_masked_letters_and_sends_them_again(worker: Actor) -> None:
    operator = browser(small.staff("operator", "system_admin", small.DISTRICT))
    assert "没有送不到的信" in page(operator, "/desk/notices/letters/")
    with clock.travel_to(NOON):
        resident("li.xiaoming@example.com")
        for number in (1, 2):
            tell(template="matter.step", step=f"step:{number}")
    _die()
    shown = page(operator, "/desk/notices/letters/")
    assert "l***@example.com" in shown
    assert "li.xiaoming" not in shown
    first, second = Delivery.objects.order_by("pk").values_list("pk", flat=True)
    assert browser(worker).get("/desk/notices/letters/").status_code == 403
    refused = browser(worker).post(f"/desk/notices/letters/{first}/retry/")
    assert refused.status_code == 403
    operator.post(f"/desk/notices/letters/{first}/retry/")
    operator.post(f"/desk/notices/letters/{second}/settle/")
    assert operator.post(f"/desk/notices/letters/{second}/nonsense/").status_code == 404
    again = operator.post(f"/desk/notices/letters/{second}/settle/", follow=True)
    assert "已有人处理" in again.content.decode()
    with clock.travel_to(NOON.replace(year=2027)):
        assert send_all() == 1
    assert states() == ["sent", "dead"]
    assert "没有送不到的信" in page(operator, "/desk/notices/letters/")


class _Happened(Fact):
    kind = "tests.happened"


@action
def _happen(*, actor: Actor) -> None:
    emit(_Happened(), area=small.DISTRICT)


@action
def _give_up(*, actor: Actor, fact: int, reader: str) -> int:
    letter = DeadLetter(
        reader=reader, fact=fact, kind=_Happened.kind, error="ValueError: no", at=clock.now()
    )
    letter.save(force_insert=True)
    return int(letter.pk)


def test_a_fact_that_was_given_up_is_handed_over_again(worker: Actor) -> None:
    """The handler is the test's own: it fails until it is told not to."""
    broken, heard = [True], []

    def take(fact: Any) -> None:
        if broken[0]:
            raise ValueError("not yet")
        heard.append((fact.id, fact.kind, bool(fact.xid)))

    HANDLERS[_Happened.kind] = [take]
    try:
        _happen(actor=SYSTEM)
        fact = FactRecord.objects.filter(kind=_Happened.kind).get().pk
        name = f"{take.__module__}.{take.__qualname__}".removeprefix("gongzhi.")
        letter = _give_up(actor=SYSTEM, fact=fact, reader=name)
        operator = browser(small.staff("operator", "system_admin", small.DISTRICT))
        assert name.replace("<", "&lt;").replace(">", "&gt;") in page(
            operator, "/desk/notices/letters/"
        )
        again = operator.post(f"/desk/notices/letters/{letter}/retry-fact/", follow=True)
        assert "ValueError: not yet" in again.content.decode()
        assert DeadLetter.objects.get().settled_at is None
        broken[0] = False
        operator.post(f"/desk/notices/letters/{letter}/retry-fact/")
        assert heard == [(fact, _Happened.kind, True)]
        assert DeadLetter.objects.get().settled_at is not None
        second = _give_up(actor=SYSTEM, fact=fact + 1, reader=name)
        operator.post(f"/desk/notices/letters/{second}/settle-fact/")
        assert DeadLetter.objects.get(pk=second).settled_at is not None
    finally:
        del HANDLERS[_Happened.kind]


def test_programs_read_notices_and_leave_receipts(worker: Actor) -> None:
    for number in range(3):
        tell(worker, step=f"fact:{number}")
    token = issue_token(actor=worker, name="x", scopes=["matters.see"]).raw
    headers = {"Authorization": f"Bearer {token}"}
    client = Client()
    first = client.get("/api/v1/notices?limit=2", headers=headers).json()
    assert len(first["items"]) == 2
    assert first["items"][0]["line"] == "轮到您办：社区处理环节"
    rest = client.get(f"/api/v1/notices?limit=2&cursor={first['next']}", headers=headers).json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    number = first["items"][0]["id"]
    done = client.post(f"/api/v1/notices/{number}/read", headers=headers)
    assert done.status_code == 200
    unread = client.get("/api/v1/notices?unread=true", headers=headers).json()
    assert number not in [one["id"] for one in unread["items"]]
    other = person("other")
    tell(other)
    theirs = queries.list_notices(other).items[0].id
    assert client.post(f"/api/v1/notices/{theirs}/read", headers=headers).status_code == 404
    assert client.get("/api/v1/notices").status_code == 401
    assert client.get("/api/v1/notices?limit=0", headers=headers).status_code == 422
    huge = client.post(f"/api/v1/notices/{10**30}/read", headers=headers)
    assert huge.status_code in (404, 422)
    assert actions.mark_all_read(actor=worker) == 2
