"""Tables that are taken away: rows of texts written as CSV or Excel, a row at a time."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gongzhi.kernel import clock

FORMS = ("csv", "xlsx")
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(lines: Iterable[list[str]], form: str) -> HttpResponseBase:
    """Answer the rows as a file of this form, one of `FORMS`."""
    return _csv(lines) if form == "csv" else _xlsx(lines)


def _name(form: str) -> str:
    return _("事项") + f"-{clock.today():%Y%m%d}.{form}"


def _csv(lines: Iterable[list[str]]) -> StreamingHttpResponse:
    def written() -> Iterator[str]:
        yield "\ufeff"
        for line in lines:
            row = io.StringIO()
            csv.writer(row).writerow(line)
            yield row.getvalue()

    response = StreamingHttpResponse(written(), content_type=f"{CSV}; charset=utf-8")
    attachment = content_disposition_header(True, _name("csv"))
    response["Content-Disposition"] = attachment or "attachment"
    return response


def _xlsx(lines: Iterable[list[str]]) -> FileResponse:
    """Write row after row to a file that has no name; memory holds one row, whatever comes.

    The archive's own directory stands at its end, so that nothing can be sent before the last row.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with xlsxwriter.Workbook(target, options) as book:
            sheet = book.add_worksheet(_("事项"))
            for number, line in enumerate(lines):
                for column, cell in enumerate(line):
                    sheet.write_string(number, column, cell)
    except BaseException:  # the rows are read only now: that may fail
        target.close()
        raise
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=_name("xlsx"), content_type=XLSX)
