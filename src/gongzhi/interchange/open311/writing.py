"""Writes answers and errors in the two forms of the standard: XML and JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import orjson
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import FieldProblem, GongzhiError

FORMS = ("json", "xml")
_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNREADABLE = (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    MultiPartParserError,
    UnicodeDecodeError,
)
# The standard knows these numbers; what else we refuse is a fault of the request.
_STATUSES = {401: 403, 409: 400, 422: 400}
# What the standard calls the fields of a report.
_NAMES = {
    "words": "description",
    "category": "service_code",
    "lon": "long",
    "name": "first_name",
    "place_text": "address_string",
    "area": "address_id",
    "photos": "media",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The element around everything, and around each one of several."""

    whole: str
    each: str = ""


SERVICES = Shape("services", "service")
DEFINITION = Shape("service_definition")
REQUESTS = Shape("service_requests", "request")
ERRORS = Shape("errors", "error")
DISCOVERY = Shape("discovery")


def content(shape: Shape, body: Any, form: str) -> bytes:
    """Return *body* (one mapping, or several of a list) as bytes in this form."""
    if form == "json":
        return orjson.dumps(body)
    whole = ElementTree.Element(shape.whole)
    for one in body if shape.each else ():
        _put(ElementTree.SubElement(whole, shape.each), one)
    if not shape.each:
        _put(whole, body)
    found: bytes = ElementTree.tostring(whole, encoding="utf-8", xml_declaration=True)
    return found


def _put(element: ElementTree.Element, value: Any) -> None:
    """Put a value into an element: a mapping as its children, a list under names of its own."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _put(ElementTree.SubElement(element, name), inner)
    elif isinstance(value, list):
        for inner in value:
            # attributes hold attribute, formats hold format.
            _put(ElementTree.SubElement(element, element.tag.removesuffix("s")), inner)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif value is not None:
        element.text = _NO_XML.sub("", str(value))


def answer(raw: bytes, form: str, status: int = 200) -> HttpResponse:
    """Return the response; what is read here is public, so any page may read it."""
    response = HttpResponse(raw, status=status, content_type=_TYPES[form])
    response["Access-Control-Allow-Origin"] = "*"
    return response


def refusal(status: int, descriptions: Iterable[str], form: str) -> HttpResponse:
    """Return an error in the standard's own shape."""
    body = [{"code": status, "description": words} for words in descriptions]
    return answer(content(ERRORS, body, form), form, status)


def in_standard_shape(form: str, call: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer *call*, or what it refused as the standard says refusals."""
    try:
        return call()
    except GongzhiError as error:
        status = _STATUSES.get(error.status, error.status)
        if error.code == "category-unknown":
            status = 404
        problems = error.problems or (FieldProblem("", str(error.message), str(error.mend)),)
        return refusal(status, map(_words, problems), form)
    except _UNREADABLE:
        return refusal(400, [_("请求内容无法读取")], form)


def _words(problem: FieldProblem) -> str:
    field = _NAMES.get(problem.field, problem.field)
    mend = f"。{problem.mend}" if problem.mend else ""
    return f"{field}: {problem.message}{mend}" if field else f"{problem.message}{mend}"


def not_found(request: HttpRequest, form: str) -> HttpResponse:
    """Answer an address that the standard does not know."""
    return refusal(404, [_("没有这个地址")], form)
