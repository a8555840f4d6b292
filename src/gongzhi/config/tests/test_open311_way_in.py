"""Open311 goes the short way in: no session is made, whoever asks and whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from gongzhi.config import wsgi
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import report, token
from gongzhi.procedures.tests.support import World


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's own connection: a request would close it at both its ends."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return support.build()


def asked(method: str, path: str, **more: Any) -> httpx.Response:
    transport = httpx.WSGITransport(app=wsgi._programs)
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        return client.request(method, f"/open311/v2/{path}", **more)


def test_the_short_way_serves_open311(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_all: Any) -> None:
        raise AssertionError("pages have no part in Open311")

    monkeypatch.setattr(wsgi, "_pages", never)
    made = report().reference
    environ = {"PATH_INFO": "/open311/v2/services.json", "REQUEST_METHOD": "GET"}
    told: list[str] = []
    whole = {**environ, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "wsgi.input": BytesIO()}
    answered = wsgi.application(whole, lambda status, _heads: told.append(status))
    getattr(answered, "close", lambda: None)()
    assert told == ["200 OK"]
    assert asked("GET", f"requests/{made}.json").json()[0]["status"] == "open"
    key = token(world.staff["grid_worker"])
    sent = {"api_key": key, "service_code": "parking", "address_string": "甲", "description": "乙"}
    answer = asked("POST", "requests.json", data=sent)
    assert answer.status_code == 201, answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "nothing.xml", {}, 404),
        ("GET", "", {}, 404),
        ("DELETE", "requests.xml", {}, 405),
        ("POST", "requests.json", {}, 403),
        ("POST", "requests.json", {"data": {"api_key": "gz_\x00"}}, 403),
        ("POST", "requests.json", {"content": urlencode({"a": 1}) * 900_000}, 400),
        ("POST", "requests.json", {"content": b"x" * 17_000_000}, 413),
        ("GET", "requests.json?start_date=0001-01-01", {}, 400),
        ("GET", "requests.json?service_code=%00", {}, 400),
        ("GET", "services/%00.json", {}, 404),
        ("GET", "requests/%00.json", {}, 404),
        ("GET", "tokens/%00.json", {}, 404),
        ("GET", "requests.json?api_key=%00&service_request_id=,,", {}, 403),
    ],
)
def test_whatever_goes_wrong_is_said_in_the_standards_shape(
    world: World, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    if "content" in more:
        more = {**more, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    answer = asked(method, path, **more)
    assert answer.status_code == status, answer.text
    if path.endswith(".xml"):
        assert answer.text.startswith("<?xml")
        assert f"<code>{status}</code>" in answer.text
    else:
        assert [one["code"] for one in answer.json()] == [status]
