"""Tables that are taken away: rows of texts written as CSV or Excel, a row at a time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gongzhi.kernel import clock

FORMS = ("csv", "xlsx")
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET = "xl/worksheets/sheet1.xml"
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SIZE = re.compile(rb"<dimension[^>]*/>")
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


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


def _xlsx(lines: Iterable[list[str]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(workbook(lines, _("事项")), content_type=XLSX)
    attachment = content_disposition_header(True, _name("xlsx"))
    response["Content-Disposition"] = attachment or "attachment"
    return response


class _Sink(io.RawIOBase):
    """Where an archive is written that nobody can go back in; what has come is taken on at once."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    def write(self, data: Any, /) -> int:
        self.waiting += data
        return len(data)

    def taken(self) -> bytes:
        """Return what has come since the last time."""
        taken, self.waiting = bytes(self.waiting), bytearray()
        return taken


def workbook(lines: Iterable[list[str]], name: str) -> Iterator[bytes]:
    """Return an Excel file of one sheet in pieces that leave while its rows are still read.

    The library writes an empty book, with everything that belongs to one; the rows of texts are
    put into its sheet on the way.
    """
    empty, sink = _empty(name), _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for part in empty.namelist():
            if part != _SHEET:
                archive.writestr(part, empty.read(part))
        head, tail = empty.read(_SHEET).split(b"<sheetData/>")
        with archive.open(_SHEET, "w") as sheet:
            # How large the sheet becomes is not known yet, and need not be told.
            sheet.write(_SIZE.sub(b"", head) + b"<sheetData>")
            for line in lines:
                sheet.write(_row(line).encode())
                if sink.waiting:
                    yield sink.taken()
            sheet.write(b"</sheetData>" + tail)
    yield sink.taken()


def _empty(name: str) -> ZipFile:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.add_worksheet(name)
    return ZipFile(held)


def _row(line: list[str]) -> str:
    cells = (
        f'<c t="inlineStr"><is><t xml:space="preserve">{_said(one)}</t></is></c>' for one in line
    )
    return f"<row>{''.join(cells)}</row>"


def _said(text: str) -> str:
    """Return a cell's text as XML may hold it; what a spreadsheet reads as a code stays a text."""
    return escape(_CODE.sub("_x005F_", _UNSAYABLE.sub("", text)))
