"""Open311 GeoReport v2 as existing clients speak it: forms, errors, filters, keys, scope."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import clock
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.held import forget_all
from gongzhi.matters.models import Matter
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import COMMUNITY, PHONE, WORDS, picture, report, token
from gongzhi.messages.models import Address, Notice
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.tests.support import World

ROOT = "/open311/v2"
SENT = {
    "service_code": "parking",
    "lat": "31.5",
    "long": "120.5",
    "address_string": "和平路12号",
    "description": "路灯坏了三天",
    "first_name": "三",
    "last_name": "张",
    "phone": PHONE,
    "device_id": "tt222111",
    "attribute[WHISPAWN]": "123456",
}


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return support.build()


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def worker(world: World) -> Actor:
    return world.staff["grid_worker"]


@pytest.fixture
def key(worker: Actor) -> str:
    return token(worker)


def read(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"{ROOT}/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def send(client: Client, key: str, form: str = "json", once: str = "", **more: Any) -> Any:
    """POST as the standard says: form-encoded, the key among the fields."""
    body = urlencode({"api_key": key, **SENT, **more})
    headers = {"Idempotency-Key": once} if once else {}
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    return client.post(f"{ROOT}/requests.{form}", body, kind, headers=headers)


def refused(answer: Any, status: int) -> list[str]:
    """Check the standard's own shape of errors; return the descriptions."""
    assert answer.status_code == status, answer.content
    if answer["Content-Type"].startswith("text/xml"):
        whole = ElementTree.fromstring(answer.content)
        assert whole.tag == "errors"
        found = [{one.tag: one.text for one in error} for error in whole.findall("error")]
    else:
        found = json.loads(answer.content)
    assert found
    assert all(str(one["code"]) == str(status) and one["description"] for one in found)
    return [str(one["description"]) for one in found]


def test_services_are_the_categories_in_force(world: World, client: Client) -> None:
    found = read(client, "services.json")
    by_code = {one["service_code"]: one for one in found}
    assert "sanitation" not in by_code  # has kinds below it
    rubbish = by_code["sanitation-rubbish"]
    assert rubbish["metadata"] is False
    assert rubbish["type"] == "realtime"
    assert rubbish["keywords"].split(", ") == ["垃圾桶", "垃圾堆", "清运"]
    assert rubbish["group"] == "市容环境"
    english = client.get(f"{ROOT}/services.json", headers={"Accept-Language": "en"}).json()
    assert {one["service_code"]: one["service_name"] for one in english}[
        "sanitation-rubbish"
    ] == "Rubbish"
    answer = client.get(f"{ROOT}/services.xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    whole = ElementTree.fromstring(answer.content)
    assert whole.tag == "services"
    assert len(whole.findall("service")) == len(found)
    assert whole[0].findtext("metadata") == "false"


def test_a_definition_asks_nothing_more(world: World, client: Client) -> None:
    assert read(client, "services/parking.json") == {"service_code": "parking", "attributes": []}
    whole = ElementTree.fromstring(client.get(f"{ROOT}/services/parking.xml").content)
    assert whole.tag == "service_definition"
    assert whole.findtext("service_code") == "parking"
    refused(client.get(f"{ROOT}/services/nothing.json"), 404)
    refused(client.get(f"{ROOT}/services/nothing.xml"), 404)


@pytest.mark.requirement("003-07")
def test_a_request_becomes_a_matter_in_the_one_pool(client: Client, key: str) -> None:
    answer = send(client, key)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert set(told[0]) == {"service_request_id", "service_notice", "account_id"}
    matter = Matter.objects.get(case__reference=told[0]["service_request_id"])
    assert (matter.words, matter.category, matter.channel) == ("路灯坏了三天", "parking", "api")
    assert (matter.lat, matter.lon, matter.place_text) == (31.5, 120.5, "和平路12号")
    assert matter.case.area.startswith(COMMUNITY)
    assert matter.reporter.phone_sealed
    assert matter.reporter.name_sealed
    whole = ElementTree.fromstring(send(client, key, form="xml").content)
    assert whole.tag == "service_requests"
    assert whole.findtext("request/service_request_id", "").startswith("JQ-")


def test_an_address_given_is_asked_to_be_confirmed(client: Client, key: str) -> None:
    given = {**SENT, "api_key": key, "email": "li@example.com"}
    assert client.post(f"{ROOT}/requests.json", given).status_code == 201
    assert Address.objects.get().confirmed_at is None
    assert Notice.objects.get().template == "address.confirm"
    wrong = client.post(f"{ROOT}/requests.json", {**given, "email": "nobody"})
    assert wrong.status_code == 400
    assert "email" in wrong.content.decode()
    assert Matter.objects.count() == 1


def test_photos_and_media_come_along(client: Client, key: str) -> None:
    file = SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")
    body = {"api_key": key, **SENT, "media_url": "https://a.example/1.jpg", "media": file}
    answer = client.post(f"{ROOT}/requests.json", body)
    assert answer.status_code == 201, answer.content
    matter = Matter.objects.get(case__reference=answer.json()[0]["service_request_id"])
    assert matter.photos.count() == 1
    assert matter.words.endswith("https://a.example/1.jpg")


def test_what_cannot_be_taken_is_said_in_the_standards_shape(
    world: World, client: Client, key: str
) -> None:
    blind = token(world.staff["grid_worker"], "matters.see")
    before = support.row_counts()
    for form in ("json", "xml"):
        refused(send(client, "", form), 403)
        refused(send(client, "gz_nothing", form), 403)
        refused(send(client, blind, form), 403)
        refused(send(client, key, form, service_code="no-such"), 404)
        refused(send(client, key, form, service_code=""), 400)
        refused(send(client, key, form, jurisdiction_id="elsewhere.gov"), 404)
        assert refused(send(client, key, form, lat="", long="", address_string=""), 400)
        assert refused(send(client, key, form, lat="north"), 400)[0].startswith("lat")
        assert refused(send(client, key, form, long="9"), 400)[0].startswith("long")
        both = refused(send(client, key, form, phone="12", description=" "), 400)
        assert sorted(words.split(":")[0] for words in both) == ["description", "phone"]
    assert support.row_counts() == before
    jurisdiction = send(client, key, jurisdiction_id="small")
    assert jurisdiction.status_code == 201
    refused(client.put(f"{ROOT}/requests.json"), 405)
    refused(client.post(f"{ROOT}/services.xml"), 405)
    refused(client.get(f"{ROOT}/nothing.xml"), 404)
    refused(client.get(f"{ROOT}/requests.csv"), 404)
    broken = client.post(f"{ROOT}/requests.json", b"--x", "multipart/form-data; boundary=")
    refused(broken, 400)
    latin = "application/x-www-form-urlencoded; charset=latin-1"
    strange = client.post(f"{ROOT}/requests.xml", b"a=1", latin)
    refused(strange, 400)


def test_a_session_alone_reports_nothing(world: World, worker: Actor) -> None:
    """A page of somebody else's could otherwise make a signed-in browser report."""
    from gongzhi.people.models import Account

    browser = Client(raise_request_exception=False)
    browser.force_login(Account.objects.get(pk=worker.account or 0))
    session = browser.session
    session["second_factor"] = True
    session.save()
    refused(browser.post(f"{ROOT}/requests.json", SENT), 403)


def test_a_repeated_key_gets_the_first_answer_again(client: Client, key: str) -> None:
    first = send(client, key, once="k1")
    again = send(client, key, once="k1")
    assert again.content == first.content
    assert again.status_code == first.status_code == 201
    assert again["Idempotency-Replayed"] == "true"
    assert Matter.objects.count() == 1
    refused(send(client, key, once="k1", description="别的"), 400)
    refused(send(client, key, once="k" * 201), 400)


def test_a_long_key_is_the_token_by_which_a_lost_answer_is_found(client: Client, key: str) -> None:
    mine = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
    made = send(client, key, once=mine).json()[0]["service_request_id"]
    found = read(client, f"tokens/{mine}.json")
    assert found == [{"service_request_id": made, "token": mine}]
    whole = ElementTree.fromstring(client.get(f"{ROOT}/tokens/{mine}.xml").content)
    assert whole.findtext("request/service_request_id") == made
    refused(client.get(f"{ROOT}/tokens/another-token-of-nobody.json"), 404)
    send(client, key, once="short")
    refused(client.get(f"{ROOT}/tokens/short.json"), 404)


FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


def test_anybody_reads_state_kind_and_community_and_nothing_more(
    world: World, client: Client, key: str
) -> None:
    made = send(client, key).json()[0]["service_request_id"]
    told = read(client, f"requests/{made}.json")[0]
    assert set(told) == FIELDS
    assert told["status"] == "open"
    assert told["status_notes"]
    assert told["service_code"] == "parking"
    assert told["address"] == "一社区，一街道，甲区"
    assert told["address_id"] == COMMUNITY
    assert told["agency_responsible"] == "一社区"  # no grid, and nobody who is alone in his post
    assert told["requested_datetime"].endswith("+08:00")
    hidden = ("description", "lat", "long", "media_url")
    assert [told[name] for name in hidden] == [None] * 4
    raw = client.get(f"{ROOT}/requests/{made}.xml").content.decode()
    for secret in ("路灯", "120.5", "31.5", PHONE, "张三", "和平路"):
        assert secret not in raw
    other = token(world.staff["community_worker"])
    assert read(client, f"requests/{made}.json", api_key=other)[0]["description"] is None
    refused(client.get(f"{ROOT}/requests/{made}.json", {"api_key": "gz_wrong"}), 403)
    refused(client.get(f"{ROOT}/requests/JQ-0000-0.json"), 404)
    refused(client.get(f"{ROOT}/requests/JQ-2611-99999-9.xml"), 404)


def test_a_client_reads_again_what_it_sent_itself(client: Client, key: str) -> None:
    made = send(client, key).json()[0]["service_request_id"]
    told = read(client, "requests.json", api_key=key, service_request_id=made)[0]
    assert told["description"] == "路灯坏了三天"
    assert (told["lat"], told["long"]) == (31.5, 120.5)
    by_header = client.get(
        f"{ROOT}/requests/{made}.json", headers={"Authorization": f"Bearer {key}"}
    )
    assert by_header.json()[0]["address"] == "和平路12号"


def test_the_list_is_narrowed_as_the_standard_says(world: World, client: Client) -> None:
    now = clock.now()
    with clock.travel_to(now - timedelta(days=100)):
        old = report().reference
    with clock.travel_to(now - timedelta(days=12)):
        lately = report(category="sanitation-rubbish").reference
    fresh = report().reference

    def ids(**query: Any) -> list[str]:
        return [one["service_request_id"] for one in read(client, "requests.json", **query)]

    assert ids() == [fresh, lately]
    assert ids(page_size="1") == [fresh]
    assert ids(page_size="all") == [fresh, lately]
    assert ids(service_code="sanitation-rubbish") == [lately]
    assert ids(service_code="city") == [lately]  # a kind holds those below it
    assert ids(service_code="sanitation-rubbish,parking") == [fresh, lately]
    assert ids(status="closed") == []
    assert ids(status="open,closed") == [fresh, lately]
    assert ids(service_request_id=f"{old}, {lately}", status="closed") == [lately, old]
    assert ids(service_request_id="nonsense") == []
    start = (now - timedelta(days=101)).isoformat(timespec="seconds").replace("+00:00", "Z")
    end = (now - timedelta(days=99)).isoformat(timespec="seconds")
    assert ids(start_date=start, end_date=end) == [old]
    assert ids(start_date=start) == [lately, old]  # ninety days from there
    raw = client.get(f"{ROOT}/requests.json?end_date={end}")  # a plus that became a space
    assert [one["service_request_id"] for one in raw.json()] == [old]
    far = (now - timedelta(days=200)).date().isoformat()
    wrong = (
        {"start_date": far, "end_date": now.isoformat()},
        {"start_date": "yesterday"},
        {"end_date": "9999-12-31T00:00:00Z"},
        {"status": "late"},
        {"jurisdiction_id": "elsewhere.gov"},
    )
    statuses = [client.get(f"{ROOT}/requests.xml", query).status_code for query in wrong]
    assert statuses == [400, 400, 400, 400, 404]


def test_discovery_names_the_endpoint(client: Client, db: None) -> None:
    told = read(client, "discovery.json")["endpoints"][0]
    assert told["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert told["url"].endswith("/open311/v2")
    whole = ElementTree.fromstring(client.get(f"{ROOT}/discovery.xml").content)
    assert [one.text for one in whole.iter("format")] == ["text/xml", "application/json"]


def test_a_procedure_that_shows_nothing_is_not_told(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Procedures of disputes and the like say in their file that the public face shows nothing."""
    made = report().reference
    shown = procedures.definition_of(procedures.versions()[0].id)
    hidden = replace(shown, public=())
    monkeypatch.setattr(procedures, "definition_of", lambda version: hidden)
    forget_all()
    assert read(client, "requests.json") == []
    refused(client.get(f"{ROOT}/requests/{made}.json"), 404)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_statements_for_any_number_of_rows(
    world: World, client: Client, rows: int
) -> None:
    """Districts, versions and table in force; the rows; places; open items and their names."""
    for _number in range(rows):
        report()
    read(client, "requests.json")
    forget_all()
    with CaptureQueriesContext(connection) as captured:
        assert len(read(client, "requests.json")) == rows
    assert len(captured) == 7, [one["sql"][:90] for one in captured]


def test_words_that_xml_cannot_hold_are_left_out(worker: Actor, client: Client) -> None:
    made = report(worker, words="坏\x08了 <b>&", channel="window").reference
    raw = client.get(f"{ROOT}/requests/{made}.xml", {"api_key": token(worker)}).content
    assert ElementTree.fromstring(raw).findtext("request/description") == "坏了 <b>&"
    assert WORDS not in raw.decode()


@pytest.mark.parametrize("media", ["", "https://example.com/a.jpg"])
def test_a_description_that_is_too_long_is_cut_and_says_so(
    client: Client, key: str, media: str
) -> None:
    """The standard names no limit: whoever stands behind a client could not mend a refusal."""
    told = "路" * 2500
    more = {"media_url": media} if media else {}
    answer = send(client, key, description=told, **more)
    assert answer.status_code == 201, answer.content
    words = Matter.objects.get().words
    assert len(words) <= 2000
    described, _line, link = words.partition("\n")
    assert link == media
    kept = described.count("路")
    assert f"后面的 {2500 - kept} 个字没有收下" in described
    exact = "灯" * (2000 - (len(media) + 1 if media else 0))
    assert send(client, key, description=exact, **more).status_code == 201
    assert Matter.objects.order_by("pk")[1].words.count("灯") == len(exact)
