"""The request id: one short word through log lines, facts and error pages."""

from __future__ import annotations

import contextvars
import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
_GIVEN = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


def request_id() -> str:
    """Return the id of the request now served, or an empty text outside any."""
    return _request_id.get()


def new_request_id() -> str:
    """Return a fresh id of 16 letters and digits."""
    return secrets.token_hex(8)


def bind_request_id(value: str) -> contextvars.Token[str]:
    """Make *value* the id of what now runs (a request, a job)."""
    return _request_id.set(value)


class RequestIdMiddleware:
    """Take a well-formed X-Request-ID or make one; answer it in the response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        value = given if _GIVEN.match(given) else new_request_id()
        token = bind_request_id(value)
        request.request_id = value  # type: ignore[attr-defined]  # read by error pages
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-ID"] = value
        return response
