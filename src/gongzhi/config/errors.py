"""Answers where no view did: a page for people, problem+json for programs, both with the id."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from gongzhi.kernel.errors import GongzhiError, InvalidInput, NotAllowed, NotFound
from gongzhi.kernel.request import request_id
from gongzhi.kernel.web import problem_response, wants_problem


class Broken(GongzhiError):
    """Something of ours failed; it is logged with the request id."""

    code = "internal"
    status = 500


def _answer(request: HttpRequest, template: str, error: GongzhiError) -> HttpResponse:
    if wants_problem(request):
        return problem_response(error)
    return render(request, template, {"request_id": request_id()}, status=error.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer what Django could not read at all."""
    answer = _answer(request, "400.html", InvalidInput(_("这个请求看不懂")))
    answer.status_code = 400
    return answer


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer a refusal by Django itself."""
    return _answer(request, "403.html", NotAllowed())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer an address that is none."""
    return _answer(request, "404.html", NotFound(_("没有这个地址")))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a failure of ours; the page stands alone, so that nothing of it can fail as well."""
    if wants_problem(request):
        mend = _("请稍后再试；反映问题时请报请求编号")
        return problem_response(Broken(_("系统出错，已经记录"), mend=mend))
    page = loader.get_template("500.html").render({"request_id": request_id()})
    return HttpResponse(page, status=500)
