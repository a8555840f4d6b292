"""Sheets of other systems: uploaded, looked over, mended, confirmed, watched as they come in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.kernel import parts
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.errors import GongzhiError
from gongzhi.kernel.forms import attempt, posted
from gongzhi.kernel.languages import said
from gongzhi.matters import actions, queries
from gongzhi.matters import sheets as reading
from gongzhi.matters.choices import REPORT
from gongzhi.matters.forms import MendForm, SheetForm


@never_cache
@access(REPORT, face="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: HttpRequest) -> HttpResponse:
    """Upload a sheet; below, one's own of late."""
    form = SheetForm(posted(request), request.FILES or None)
    found = attempt(form, lambda data: _checked(request, data))
    if found:
        return redirect("matters:sheet", found)
    own = queries.own_sheets(actor_of(request))
    known = [
        (said(kind.name), [(one.label, one.headers, one.required) for one in kind.columns])
        for kind in reading.kinds().values()
    ]
    return render(request, "matters/sheets.html", {"form": form, "own": own, "known": known})


def _checked(request: HttpRequest, data: dict[str, Any]) -> int:
    file = data["file"]
    content = file.read(reading.LARGEST + 1)
    return actions.check_sheet(
        actor=actor_of(request), kind=data["kind"], name=file.name, content=content
    )


@never_cache
@access(REPORT, face="desk")
@require_safe
def sheet(request: HttpRequest, sheet: int) -> HttpResponse:
    """Show a sheet before it is taken in, while it is, and after; htmx asks for the progress."""
    if parts.wanted(request):
        line = queries.sheet_line(actor_of(request), sheet)
        return render(request, "matters/_sheet_progress.html", {"line": line})
    view = queries.sheet_view(actor_of(request), sheet)
    bad = [(row, MendForm(row, view.kind)) for row in view.bad]
    return render(request, "matters/sheet.html", {"view": view, "line": view.line, "bad": bad})


@never_cache
@access(REPORT, face="desk")
@require_POST
def mend(request: HttpRequest, sheet: int, line: int) -> HttpResponse:
    """Put a row right."""
    prefix = f"row{line}-"
    given = {
        key.removeprefix(prefix): text
        for key, text in request.POST.items()
        if key.startswith(prefix) and isinstance(text, str)
    }
    state = actions.mend_row(actor=actor_of(request), sheet=sheet, line=line, values=given)
    done = state != "bad"
    words = _("第 %(line)d 行已改好") if done else _("第 %(line)d 行还有错，请再看看")
    (messages.success if done else messages.error)(request, words % {"line": line})
    return redirect("matters:sheet", sheet)


@never_cache
@access(REPORT, face="desk")
@require_POST
def take(request: HttpRequest, sheet: int) -> HttpResponse:
    """Confirm: from now on the good rows are taken in, whether this page is open or not."""
    actions.start_sheet(actor=actor_of(request), sheet=sheet)
    return redirect("matters:sheet", sheet)


@never_cache
@access(REPORT, face="desk")
@require_POST
def drop(request: HttpRequest, sheet: int) -> HttpResponse:
    """Forget a sheet."""
    try:
        actions.drop_sheet(actor=actor_of(request), sheet=sheet)
    except GongzhiError as error:
        messages.error(request, str(error))
        return redirect("matters:sheet", sheet)
    messages.success(request, _("这张表已删除，已导入的事项不受影响"))
    return redirect("matters:sheets")


@never_cache
@access(REPORT, face="desk")
@require_safe
def bad(request: HttpRequest, sheet: int) -> FileResponse:
    """Answer the bad rows as a sheet, with what is wrong in its last columns."""
    return _workbook(queries.bad_rows(actor_of(request), sheet), f"-{sheet}.xlsx")


def _workbook(lines: Iterable[list[str]], ending: str) -> FileResponse:
    target = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with xlsxwriter.Workbook(target, options) as book:
            page = book.add_worksheet(_("有错的行"))
            for number, cells in enumerate(lines):
                page.write_row(number, 0, cells)
    except BaseException:  # the rows are read only now: there may be no such sheet
        target.close()
        raise
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=_("有错的行") + ending)
