"""Reads a sheet of another system: the file, its heading row, its columns by name, each row."""

from __future__ import annotations

import csv
import functools
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import python_calamine
import yaml
from django.utils.translation import gettext as _

from gongzhi.kernel.districts import files_of
from gongzhi.matters.errors import SheetUnreadable

LARGEST: Final = 5 * 1024 * 1024  # bytes of the file
MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 80
LONGEST_CELL: Final = 10_000  # characters
_UNPACKED: Final = 100 * 1024 * 1024  # bytes of an .xlsx as it is read
_HEAD_WITHIN = 10  # rows among which the heading row is looked for: titles stand above it


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a sheet: what the column may be called."""

    key: str
    label: str
    headers: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind of sheet, as the district's file describes it."""

    key: str
    name: str
    channel: str
    scheme: str
    columns: tuple[Column, ...]
    dates: tuple[str, ...]
    categories: dict[str, str] = field(default_factory=dict)

    def label(self, key: str) -> str:
        """Return what a field is called."""
        return next((one.label for one in self.columns if one.key == key), key)


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands in the file: its line, its texts by field."""

    line: int
    values: dict[str, str]


@functools.cache
def kinds() -> dict[str, SheetKind]:
    """Return the kinds of sheets that this installation knows."""
    told: dict[str, Any] = {}
    for file in files_of("sheets.yaml"):
        told |= yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    found = {}
    for key, one in told.items():
        columns = tuple(
            Column(name, c["label"], tuple(c["headers"]), bool(c.get("required")))
            for name, c in one["columns"].items()
        )
        found[key] = SheetKind(
            key,
            one["name"],
            one["channel"],
            str(one["scheme"]),
            columns,
            tuple(one["dates"]),
            dict(one.get("categories") or {}),
        )
    return found


def read_sheet(
    kind: SheetKind, name: str, content: bytes
) -> tuple[list[tuple[str, str]], list[Line]]:
    """Return the fields found with their headings, and the rows; raise `SheetUnreadable`."""
    if len(content) > LARGEST:
        raise _unreadable(_("文件超过 5 MB"), _("请分成几个文件"))
    ending = name.lower().rpartition(".")[2]
    if ending not in ("csv", "xlsx", "xls"):
        raise _unreadable(_("不认识这种文件"), _("请用 Excel（.xlsx、.xls）或 CSV"))
    cells = _read_csv(content) if ending == "csv" else _read_excel(content)
    at, places = _heading(kind, cells)
    rows = [
        Line(number, {key: _cell(row, place) for key, place in places.items()})
        for number, row in enumerate(cells[at + 1 :], start=at + 2)
        if any(cell.strip() for cell in row)
    ]
    if not rows:
        raise _unreadable(_("表里没有数据"), _("列名下面至少要有一行"))
    if len(rows) > MOST_ROWS:
        raise _unreadable(_("超过 %(n)d 行") % {"n": MOST_ROWS}, _("请分成几个文件"))
    ordered = sorted(places.items(), key=lambda item: item[1])
    return [(key, cells[at][place].strip()) for key, place in ordered], rows


def _unreadable(words: str, mend: str) -> SheetUnreadable:
    return SheetUnreadable(words, field="file", mend=mend)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip()[:LONGEST_CELL] if place < len(row) else ""


def _heading(kind: SheetKind, cells: list[list[str]]) -> tuple[int, dict[str, int]]:
    """Return the row of the headings, and the place of each field that has one."""
    best: tuple[int, dict[str, int]] = (0, {})
    for at, row in enumerate(cells[:_HEAD_WITHIN]):
        names = [_bare(cell) for cell in row]
        places = {
            column.key: names.index(header)
            for column in kind.columns
            for header in [next((h for h in column.headers if h in names), None)]
            if header is not None
        }
        if len(places) > len(best[1]):
            best = (at, places)
    missing = [one.headers[0] for one in kind.columns if one.required and one.key not in best[1]]
    if missing:
        words = _("没有找到列：%(names)s") % {"names": "、".join(missing)}
        raise _unreadable(words, _("请核对列名，或在 sheets.yaml 里加上这种叫法"))
    return best


def _bare(heading: str) -> str:
    """Return a heading without marks of what must be filled in and without blanks."""
    return "".join(heading.split()).strip("*＊:：")


def _read_csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable(_("文字编码不是 UTF-8 或 GB18030"), _("请另存为 UTF-8"))
    if "\0" in text:
        raise _unreadable(_("这不是文本文件"), _("请另存为 CSV"))
    try:
        return [row[:MOST_COLUMNS] for row in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error:
        raise _unreadable(_("这不是 CSV"), _("请用 Excel 另存为 CSV 再试")) from None


def _read_excel(content: bytes) -> list[list[str]]:
    damaged = _unreadable(_("这不是 Excel 文件，或已损坏"), _("请另存为 .xlsx 再试"))
    try:
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(one.file_size for one in packed.infolist()) > _UNPACKED:
                    raise _unreadable(_("文件展开后太大"), _("请分成几个文件"))
        book = python_calamine.load_workbook(io.BytesIO(content))
        most = MOST_ROWS + _HEAD_WITHIN + 1
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=most)
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError):
        raise damaged from None
    return [[_plain(cell) for cell in row[:MOST_COLUMNS]] for row in rows]


def _plain(cell: Any) -> str:
    """Return a cell as the text that a person sees in it."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def harmless(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
