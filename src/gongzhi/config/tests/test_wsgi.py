"""A program with a token goes the short way in and is answered exactly as by the long one."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import orjson
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from gongzhi.config import wsgi
from gongzhi.organisations.tests.support import GRID, small_district, staff
from gongzhi.people.actions import issue_token

pytestmark = pytest.mark.django_db
# What only pages need: a program shows nothing, frames nothing, and varies by no cookie.
_FOR_PAGES = {"content-security-policy", "x-frame-options", "vary", "x-request-id"}


def ask(handler: Any, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    told: list[Any] = []
    path, _mark, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    answer = handler(environ, lambda status, heads: told.extend((status, heads)))
    content = b"".join(answer)
    answer.close()
    assert not told[0].startswith("5")
    heads = {name.lower(): value for name, value in told[1] if name.lower() not in _FOR_PAGES}
    return told[0], heads, content


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's own connection: a request would close it at both its ends."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token() -> str:
    small_district()
    worker = staff("worker", "grid_worker", GRID)
    scopes = ["matters.see", "matters.report"]
    return f"Bearer {issue_token(actor=worker, name='x', scopes=scopes).raw}"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/me", b""),
        ("GET", "/api/v1/matters?limit=5", b""),
        ("GET", "/api/v1/matters?nonsense=1", b""),
        ("GET", "/api/v1/matters/XX-0000-00000-0", b""),
        ("GET", "/api/v1/nowhere", b""),
        ("GET", "/api/v1/inbox?cursor=broken", b""),
        ("DELETE", "/api/v1/matters", b""),
        ("POST", "/api/v1/matters", b"{"),
        ("POST", "/api/v1/matters", b"\xff"),
        ("POST", "/api/v1/matters", orjson.dumps({"words": ""})),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_both_ways_answer_the_same(
    token: str, method: str, path: str, body: bytes, language: str
) -> None:
    given = {"authorization": token, "accept_language": language}
    short = ask(wsgi.application, method, path, body, **given)
    long = ask(wsgi._pages, method, path, body, **given)
    assert _without_instance(short) == _without_instance(long)


def test_the_short_way_knows_the_person_and_refuses_a_wrong_token(token: str) -> None:
    status, heads, content = ask(wsgi.application, "GET", "/api/v1/me", authorization=token)
    assert (status, orjson.loads(content)["scopes"]) == (
        "200 OK",
        ["matters.report", "matters.see"],
    )
    assert heads["x-content-type-options"] == "nosniff"
    wrong = ask(wsgi.application, "GET", "/api/v1/me", authorization="Bearer gz_wrong")
    assert wrong[0].startswith("401")


def _without_instance(answer: Any) -> Any:
    """Leave out the id of the request, which each has of its own."""
    status, heads, content = answer
    if heads["content-type"] == "application/problem+json":
        content = {k: v for k, v in orjson.loads(content).items() if k != "instance"}
    heads.pop("content-length", None)
    return status, heads, content
