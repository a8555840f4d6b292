"""The root of the REST API: reading bodies, writing answers, and errors as problem+json."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from gongzhi.interchange.description import accesses_of, complete
from gongzhi.interchange.problems import BodyTooLarge, BodyUnreadable, from_validation
from gongzhi.kernel.access import access
from gongzhi.kernel.errors import GongzhiError, NotFound
from gongzhi.kernel.web import json_response, problem_response


class JsonParser(Parser):
    """Reads JSON bodies; says what is wrong with those that are none."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's value; raise `BodyUnreadable`."""
        raw = request.body
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise _unreadable(raw, error) from error


def _unreadable(raw: bytes, error: orjson.JSONDecodeError) -> BodyUnreadable:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as broken:
        place = _("第 %(n)d 个字节处编码有误，请用 UTF-8 重新提交") % {"n": broken.start + 1}
        return BodyUnreadable(_("内容的编码不是 UTF-8"), field="body", mend=place)
    where = {"line": error.lineno, "column": error.colno}
    mend = _("请检查第 %(line)d 行第 %(column)d 列") % where
    return BodyUnreadable(_("内容不是 JSON"), field="body", mend=mend)


class JsonRenderer(BaseRenderer):
    """Writes JSON in one pass."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        """Return the bytes of *data*."""
        return orjson.dumps(data, default=str)


@access(face="public")
def front_door(request: HttpRequest, **_more: Any) -> HttpResponse:
    """Say where the description of the API lies."""
    return json_response({"openapi": "/api/v1/openapi.json"})


class Root(NinjaAPI):
    """The API with a declared front door: every address of ours says who may use it."""

    def _get_urls(self) -> list[Any]:
        found = super()._get_urls()
        kept = [entry for entry in found if getattr(entry, "name", "") != "api-root"]
        return [*kept, path("", front_door, name="api-root")]

    def get_openapi_schema(self, **more: Any) -> Any:
        """Return the description, with what every operation may refuse."""
        schema = super().get_openapi_schema(**more)
        complete(schema, accesses_of(self))
        return schema


api = Root(
    title="Gongzhi 共治",
    version="1",
    urls_namespace="api",
    docs_url=None,
    docs_decorator=access(face="public"),
    parser=JsonParser(),
    renderer=JsonRenderer(),
    description=(
        "Matters, areas, organisations and posts. Sign in with a token: "
        "`Authorization: Bearer gz_…`. Lists are paged by `cursor`; every POST takes an "
        "`Idempotency-Key`; errors are `application/problem+json` with field and mend."
    ),
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}, {}],
    },
)


@api.exception_handler(GongzhiError)
def _known(request: HttpRequest, error: GongzhiError) -> HttpResponse:
    return problem_response(error)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem_response(from_validation(error.errors))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, GongzhiError):
        return problem_response(cause)
    known = BodyUnreadable(field="body")
    answer = problem_response(known)
    answer.status_code = error.status_code
    return answer


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:  # noqa: ARG001
    return problem_response(too_large())


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001
    return problem_response(NotFound())


def too_large() -> BodyTooLarge:
    """Return the error for a body that is larger than is taken."""
    return BodyTooLarge(field="body", mend=_("JSON 不超过 2 MB，照片每张不超过 12 MB"))
