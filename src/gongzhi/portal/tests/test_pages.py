"""The public pages, the switches, and what the shell shows to whom."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/help/", "/privacy/"])
def test_public_pages_open_for_anybody(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert '<main id="content"' in page
    assert " style=" not in page
    assert "<script>" not in page


def test_privacy_says_what_why_how_long_and_who(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    for heading in ("由谁处理", "用哪些信息、为什么", "保存多久", "谁看得到", "您的权利"):
        assert heading in page


def test_large_print_stays_and_returns_to_the_page(client: Client) -> None:
    answer = client.post("/settings/large-print/", {"on": "1", "next": "/help/?a=1"})
    assert answer.status_code == 302
    assert answer["Location"] == "/help/?a=1"
    assert 'class="large-print"' in client.get("/help/").content.decode()
    client.post("/settings/large-print/", {"on": "0", "next": "/"})
    assert 'class="large-print"' not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "/\tevil",
        "",
    ],
)
def test_switches_never_lead_elsewhere(client: Client, elsewhere: str) -> None:
    for address in ("/settings/large-print/", "/settings/language/"):
        answer = client.post(address, {"on": "1", "language": "en", "next": elsewhere})
        assert answer["Location"].startswith("/")
        assert "evil.example" not in answer["Location"]


def test_switches_change_nothing_by_being_opened(client: Client) -> None:
    assert client.get("/settings/large-print/").status_code == 405
    assert client.get("/settings/language/").status_code == 405


def test_language_stays(client: Client) -> None:
    client.post("/settings/language/", {"language": "en", "next": "/"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    page = client.get("/help/").content.decode()
    assert 'lang="en"' in page
    assert "How to report a problem" in page


def test_an_unknown_language_is_not_kept(client: Client) -> None:
    client.post("/settings/language/", {"language": "xx", "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_a_missing_page_says_what_to_do(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()


@pytest.mark.parametrize("point", [{}, {"lon": "x", "lat": "1"}, {"lon": "nan", "lat": "inf"}])
def test_a_point_that_is_no_number_is_refused(client: Client, point: dict[str, str]) -> None:
    answer = client.get("/areas/at/", point)
    assert answer.status_code == 422
    assert "经纬度不是数字" in answer.content.decode()


def test_a_point_outside_every_area_has_no_name(client: Client) -> None:
    answer = client.get("/areas/at/", {"lon": "0", "lat": "0"})
    assert answer.json() == {"code": "", "name": ""}


def test_the_area_chooser_refuses_a_name_that_is_no_field(client: Client) -> None:
    assert client.get("/areas/choices/", {"name": '"><b'}).status_code == 422


def test_the_area_chooser_bears_any_code(client: Client) -> None:
    answer = client.get("/areas/choices/", {"name": "area", "code": "32'; --"})
    assert answer.status_code == 200
