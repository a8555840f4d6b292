"""Errors become answers in one place: a page, an htmx partial or problem+json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import GongzhiError, InvalidInput, TooManyRequests, problem
from gongzhi.kernel.request import request_id


def json_response(body: Any, status: int = 200) -> HttpResponse:
    """Answer *body* as JSON, serialised once."""
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")


def problem_response(error: GongzhiError) -> HttpResponse:
    """Answer *error* as application/problem+json, with the request id as its instance."""
    response = HttpResponse(
        orjson.dumps(problem(error, instance=request_id())),
        status=error.status,
        content_type="application/problem+json",
    )
    return _with_retry(response, error)


def _with_retry(response: HttpResponse, error: GongzhiError) -> HttpResponse:
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.seconds)
    return response


def wants_problem(request: HttpRequest) -> bool:
    """Whether the caller is a program rather than a person with a browser."""
    return request.path.startswith("/api/")


class ErrorMiddleware:
    """Turn a `GongzhiError` that no page caught into the right answer for the caller."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer known errors; leave the unknown to Django's 500 page."""
        if isinstance(error, RequestDataTooBig):
            error = InvalidInput(_("提交的内容太大"), mend=_("请减少照片或文字后再试"))
        if isinstance(error, UnicodeDecodeError):
            error = InvalidInput(_("内容的编码不是 UTF-8"), mend=_("请用 UTF-8 重新提交"))
        if not isinstance(error, GongzhiError):
            return None
        if wants_problem(request):
            return problem_response(error)
        template = "components/error.html" if request.headers.get("HX-Request") else "error.html"
        context = {"error": error, "request_id": request_id()}
        return _with_retry(render(request, template, context, status=error.status), error)
