"""What holds for every operation of the API: size, method, and one answer per Idempotency-Key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from gongzhi.facts.actions import Answer, answer_once, content_digest
from gongzhi.interchange.api import too_large
from gongzhi.interchange.problems import MethodNotAllowed
from gongzhi.kernel import crypto
from gongzhi.kernel.access import actor_of
from gongzhi.kernel.errors import GongzhiError
from gongzhi.kernel.web import problem_response

PREFIX = "/api/"
KEY = "Idempotency-Key"
LARGEST = 16 * 1024 * 1024  # bytes of a whole request
_KEPT = "interchange.kept_answer"
_OK = 200
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class _Refused(Exception):
    """Carries an answer of 400 or more out of the transaction, so that nothing of it stays."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


class InterchangeMiddleware:
    """Guards the API's addresses; other pages pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if _length(request) > LARGEST:
            return problem_response(too_large())
        response = self.get_response(request)
        if response.status_code == MethodNotAllowed.status:
            told = problem_response(MethodNotAllowed(mend=response.get("Allow", "")))
            told["Allow"] = response.get("Allow", "")
            return told
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer a repeated key with the first answer."""
        key = request.headers.get(KEY)
        if key is None or request.method not in _WRITING or not request.path.startswith(PREFIX):
            return None
        try:
            return _once(request, key, lambda: view(request, *args, **kwargs))
        except _Refused as refused:
            return refused.response
        except RequestDataTooBig:
            return problem_response(too_large())
        except GongzhiError as error:
            return problem_response(error)


def _length(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if str(given).isascii() and str(given).isdigit() else 0


def _once(request: HttpRequest, key: str, view: Callable[[], HttpResponse]) -> HttpResponse:
    made: list[HttpResponse] = []

    def call() -> Answer:
        response = view()
        if response.status_code >= 400:  # refused: roll everything back
            raise _Refused(response)
        made[:] = [response]
        return Answer(response.status_code, _sealed(response))

    digest = content_digest(
        (request.method or "").encode(), request.get_full_path().encode(), _content(request)
    )
    answer = answer_once(actor=actor_of(request), key=key, digest=digest, call=call)
    if not answer.replayed:
        return made[0]
    if not answer.body and answer.status == _OK:
        return view()
    body = crypto.open_sealed(answer.body, _KEPT) if answer.body else ""
    response = HttpResponse(body, status=answer.status, content_type="application/json")
    response["Idempotency-Replayed"] = "true"
    return response


def _sealed(response: HttpResponse) -> bytes:
    """Return an answer as it is kept: sealed, for it may hold the secret of a link.

    What must not be stored at all is not: then it is asked for anew, and is on record anew.
    """
    if "no-store" in response.get("Cache-Control", "") or not response.content:
        return b""
    return crypto.seal(response.content.decode(), _KEPT)


def _content(request: HttpRequest) -> bytes:
    """Return what tells one content from another: the body, or the digest of uploaded files."""
    if not (request.content_type or "").startswith("multipart/"):
        return request.body
    whole = hashlib.sha256()
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            whole.update(name.encode())
            for chunk in file.chunks():
                whole.update(chunk)
            file.seek(0)
    return whole.digest()
