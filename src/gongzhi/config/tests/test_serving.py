"""What every answer carries, and the two addresses for machines."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
def test_health_says_that_the_database_answers(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.django_db
def test_metrics_are_for_this_machine_only(client: Client) -> None:
    assert b"django_http_requests_total" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403
    forwarded = client.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})
    assert forwarded.status_code == 403


@pytest.mark.django_db
def test_every_answer_is_strict_and_carries_its_id(client: Client) -> None:
    answer = client.get("/no-such-page/", headers={"x-request-id": "caller-12345"})
    assert answer.status_code == 404
    assert answer["X-Request-ID"] == "caller-12345"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_an_id_that_is_no_word_is_replaced(client: Client) -> None:
    answer = client.get("/health", headers={"x-request-id": "a b\tc"})
    assert answer["X-Request-ID"] != "a b\tc"


@pytest.mark.django_db
def test_a_logged_request_names_the_route_and_never_the_path(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """A path may hold a reporter's secret."""
    with caplog.at_level(logging.INFO, "gongzhi.request"):
        client.get("/help/")
        client.get("/follow/CC-0000-00000-0/very-secret/")
    said: list[Any] = [record.msg for record in caplog.records]
    assert said
    assert said[0]["route"] == "help/"
    assert "very-secret" not in repr(said)


@pytest.mark.django_db
def test_an_unknown_operation_is_a_problem_in_json(client: Client) -> None:
    answer = client.get("/api/v1/no-such-operation", headers={"x-request-id": "caller-12345"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert "caller-12345" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "kind"), [("/health", "text/html"), ("/api/v1/x", "application/problem+json")]
)
def test_a_failure_of_ours_says_its_id_and_nothing_else(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    """The view is replaced by one that fails; all middleware and handlers are the real ones."""

    def fail(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("django.core.handlers.base.BaseHandler.resolve_request", fail)
    client.raise_request_exception = False
    answer = client.get(path, headers={"x-request-id": "caller-12345"})
    assert answer.status_code == 500
    assert answer["Content-Type"].startswith(kind)
    assert b"caller-12345" in answer.content
    assert b"secret detail" not in answer.content
