"""The addresses of the standard: parse, call, write.

Only the key counts here, never a session: no page can make a signed-in person's browser report.
"""

from __future__ import annotations

import hashlib

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gongzhi.facts.actions import Answer, answer_once, content_digest
from gongzhi.interchange.middleware import KEY, LARGEST
from gongzhi.interchange.open311 import reading, requests, services, writing
from gongzhi.interchange.problems import BodyTooLarge, MethodNotAllowed
from gongzhi.kernel.access import access
from gongzhi.matters.actions import report_matter

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@access(face="public")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Say where the standard is served, and in which forms."""
    root = request.build_absolute_uri("/open311/v2")
    endpoint = {
        "specification": SPECIFICATION,
        "url": root,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    body = {"endpoints": [endpoint]}
    return writing.answer(writing.content(writing.DISCOVERY, body, form), form)


@access(face="public")
def service_list(request: HttpRequest, form: str) -> HttpResponse:
    """List the kinds of request."""

    def call() -> HttpResponse:
        _only_read(request)
        return writing.answer(writing.content(writing.SERVICES, services.services(), form), form)

    return writing.in_standard_shape(form, call)


@access(face="public")
def service_definition(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Say what one kind of request asks."""

    def call() -> HttpResponse:
        _only_read(request)
        body = services.definition(code)
        return writing.answer(writing.content(writing.DEFINITION, body, form), form)

    return writing.in_standard_shape(form, call)


@access(face="public")
def request_list(request: HttpRequest, form: str) -> HttpResponse:
    """List requests, or take one in: that needs a key with the power to report."""
    take_in = request.method == "POST"
    return writing.in_standard_shape(form, lambda: (_post if take_in else _list)(request, form))


def _list(request: HttpRequest, form: str) -> HttpResponse:
    _only_read(request)
    found = requests.find(reading.asker(request), reading.wanted(request))
    return writing.answer(writing.content(writing.REQUESTS, found, form), form)


@access(face="public")
def one_request(request: HttpRequest, reference: str, form: str) -> HttpResponse:
    """Tell one request."""

    def call() -> HttpResponse:
        _only_read(request)
        found = requests.one(reading.asker(request), reference)
        return writing.answer(writing.content(writing.REQUESTS, found, form), form)

    return writing.in_standard_shape(form, call)


@access(face="public")
def token(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """Tell which request was sent under a client's own token."""

    def call() -> HttpResponse:
        _only_read(request)
        found = requests.by_token(token)
        return writing.answer(writing.content(writing.REQUESTS, found, form), form)

    return writing.in_standard_shape(form, call)


@access(face="public")
def elsewhere(request: HttpRequest, what: str) -> HttpResponse:
    """Answer an address that the standard does not know, in its own shape."""
    return writing.not_found(request, "xml" if what.endswith(".xml") else "json")


def _only_read(request: HttpRequest) -> None:
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed()
    reading.check_jurisdiction(request, request.GET.get("jurisdiction_id", "").strip())


def _post(request: HttpRequest, form: str) -> HttpResponse:
    """Take a request in; the same Idempotency-Key gets the first answer again."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        raise BodyTooLarge(_("提交的内容太大"))
    actor = reading.reporter(request)
    reading.check_jurisdiction(request, request.POST.get("jurisdiction_id", "").strip())
    key = request.headers.get(KEY, "")
    report = reading.report_of(request, key)

    def take_in() -> Answer:
        told = report_matter(actor=actor, report=report)
        body = [
            {
                "service_request_id": told.reference,
                "service_notice": None,
                "account_id": None,
            }
        ]
        return Answer(201, writing.content(writing.REQUESTS, body, form))

    photos = [hashlib.sha256(photo).digest() for photo in report.photos]
    given = orjson.dumps([form, reading.fields_of(request)])
    once = key and answer_once(
        actor=actor, key=key, digest=content_digest(given, *photos), call=take_in
    )
    made = once or take_in()
    response = writing.answer(made.body, form, made.status)
    if made.replayed:
        response["Idempotency-Replayed"] = "true"
    return response
