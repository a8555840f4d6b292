"""Tables of areas as files: CSV, Excel and GeoJSON, read row by row and written the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import orjson
import python_calamine
import shapely
import xlsxwriter
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from gongzhi.areas.errors import FileUnreadable

COLUMNS: Final[dict[str, str]] = {
    "code": "代码",
    "name": "名称",
    "kind": "类别",
    "valid_from": "启用日期",
    "valid_to": "停用日期",
    "households": "户数",
    "residents": "人数",
}
NEEDED: Final = ("code", "name", "kind")
LARGEST: Final = 20 * 1024 * 1024
MOST_ROWS: Final = 50_000
_BY_HEADING: Final = {heading: key for key, heading in COLUMNS.items()} | {k: k for k in COLUMNS}
_PRECISE: Final = 2**53  # a spreadsheet keeps whole numbers exactly only up to here


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read: its line (feature) in the file, its texts, its outline if it has one."""

    line: int
    values: dict[str, str]
    geometry: Any = None
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Record:
    """One area as written to a file."""

    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    households: int | None
    residents: int | None
    outline: BaseGeometry | None = None
    schematic: bool = False


def read(name: str, content: bytes) -> list[Row]:
    """Return the rows of a file by the ending of its name; raise `FileUnreadable`."""
    reader = _READERS.get(name.lower().rsplit(".", 1)[-1])
    if reader is None:
        raise FileUnreadable(
            _("不认识这种文件：%(name)s") % {"name": name[-60:]},
            field="file",
            mend=_("请用 CSV、Excel（.xlsx）或 GeoJSON"),
        )
    if len(content) > LARGEST:
        raise FileUnreadable(_("文件超过 20 MB"), field="file", mend=_("请分成几个文件"))
    rows = reader(content)
    if len(rows) > MOST_ROWS:
        raise FileUnreadable(
            _("超过 %(n)s 行") % {"n": MOST_ROWS}, field="file", mend=_("请分成几个文件")
        )
    return rows


def _read_csv(content: bytes) -> list[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise FileUnreadable(
                _("文字编码不是 UTF-8 或 GB18030"), field="file", mend=_("请另存为 UTF-8")
            ) from error
    if "\0" in text:
        raise FileUnreadable(_("这不是文本文件"), field="file", mend=_("请另存为 CSV"))
    reader = csv.reader(io.StringIO(text))
    try:
        keys = _headings(next(reader, []))
        return [
            Row(reader.line_num, _texts(keys, cells))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise FileUnreadable(
            _("第 %(line)s 行不是 CSV") % {"line": reader.line_num}, field="file"
        ) from error


def _read_excel(content: bytes) -> list[Row]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        lines: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileUnreadable(
            _("这不是 Excel 文件，或已损坏"), field="file", mend=_("请另存为 .xlsx 再试")
        ) from error
    keys = _headings([str(cell) for cell in lines[0]] if lines else [])
    rows = []
    for line, cells in enumerate(lines[1:], 2):
        values = _texts(keys, [_plain(cell) for cell in cells])
        unsure = {key for key, cell in zip(keys, cells, strict=False) if key and _rounded(cell)}
        if any(values.values()):
            rows.append(Row(line, values, unsure=frozenset(unsure)))
    return rows


def _rounded(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _PRECISE


def _plain(cell: Any) -> str:
    """Return a cell as the text that a person sees in it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _read_geojson(content: bytes) -> list[Row]:
    try:
        data = orjson.loads(content)
        features = data["features"] if data["type"] == "FeatureCollection" else [data]
        return [_feature_row(n, feature) for n, feature in enumerate(features, 1)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileUnreadable(
            _("这不是 GeoJSON 的 FeatureCollection"), field="file", mend=_("请检查导出设置")
        ) from error


def _feature_row(line: int, feature: dict[str, Any]) -> Row:
    given = feature["properties"]
    values = {
        _BY_HEADING[key]: "" if value is None else str(value).strip()
        for key, value in given.items()
        if key in _BY_HEADING
    }
    return Row(line, {key: values.get(key, "") for key in COLUMNS}, feature.get("geometry"))


def _headings(cells: Sequence[str]) -> list[str | None]:
    keys = [_BY_HEADING.get(cell.strip()) for cell in cells]
    missing = [COLUMNS[key] for key in NEEDED if key not in keys]
    if missing:
        raise FileUnreadable(
            _("第 1 行缺少列：%(names)s") % {"names": "、".join(missing)},
            field="file",
            mend=_("第一行须有：%(names)s") % {"names": "、".join(COLUMNS.values())},
        )
    return keys


def _texts(keys: Sequence[str | None], cells: Sequence[str]) -> dict[str, str]:
    found = dict.fromkeys(COLUMNS, "")
    found.update({k: c.strip() for k, c in zip(keys, cells, strict=False) if k})
    return found


_READERS: Final[dict[str, Callable[[bytes], list[Row]]]] = {
    "csv": _read_csv,
    "xlsx": _read_excel,
    "geojson": _read_geojson,
    "json": _read_geojson,
}


# --- writing ---------------------------------------------------------------------------------
def _cells(record: Record) -> list[str]:
    values = [getattr(record, key) for key in COLUMNS]
    return ["" if value is None else str(value) for value in values]


def write_csv(records: Iterable[Record]) -> bytes:
    """Return a CSV that spreadsheets open with Chinese intact (UTF-8 with mark)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    writer.writerows(_cells(record) for record in records)
    return out.getvalue().encode("utf-8-sig")


def write_excel(records: Iterable[Record]) -> bytes:
    """Return an Excel workbook; codes are texts, so that no digit is lost."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("区域")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, list(COLUMNS.values()), bold)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 30)
        sheet.freeze_panes(1, 0)
        for line, record in enumerate(records, 1):
            for column, cell in enumerate(_cells(record)):
                sheet.write_string(line, column, cell)
    return out.getvalue()


def write_geojson(records: Iterable[Record]) -> bytes:
    """Return a FeatureCollection in WGS84; an area without outline has a null geometry."""
    features = []
    for record in records:
        outline = record.outline
        shape = orjson.Fragment(shapely.to_geojson(outline)) if outline is not None else None
        values: dict[str, Any] = dict(zip(COLUMNS, _cells(record), strict=True))
        values["schematic"] = record.schematic
        features.append({"type": "Feature", "properties": values, "geometry": shape})
    return orjson.dumps({"type": "FeatureCollection", "features": features})


WRITERS: Final[dict[str, tuple[Callable[[Iterable[Record]], bytes], str]]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        write_excel,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "geojson": (write_geojson, "application/geo+json"),
}
