"""Reads a category table from CSV and names every line that cannot be taken."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from gongzhi.kernel.errors import FieldProblem

COLUMNS = (
    *("code", "parent", "name", "name_en", "organisation_kind", "basis", "hint"),
    *("due", "due_basis"),
)
_WITHOUT_DUE = COLUMNS[:-2]  # tables from before there were due times
_LONGEST = {
    "name": 40,
    "name_en": 80,
    "organisation_kind": 40,
    "basis": 200,
    "hint": 200,
    "due_basis": 200,
}
_DUE = re.compile(r"[1-9]\d{0,2} (?:minutes|hours|days|workdays)")
_CODE = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_DEEPEST = 3
LARGEST = 1024 * 1024  # bytes

Lines = tuple[list["CategoryLine"], list[FieldProblem]]


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """One category as the file has it, with the level that its parents give it."""

    code: str
    parent: str
    level: int
    name: str
    name_en: str
    organisation_kind: str
    basis: str
    hint: str
    due: str = ""
    due_basis: str = ""


def read_categories(file: Path) -> Lines:
    """Return the categories of a file; see `read_table`."""
    try:
        return read_table(file.read_bytes())
    except OSError:
        return [], [FieldProblem("file", _("打不开这个文件"), _("请检查路径"))]


def read_table(raw: bytes) -> Lines:
    """Return the file's categories in order, and every problem with its line and mend.

    Columns: code, parent (empty for the first level), name, name_en, organisation_kind (who
    usually handles it), basis (the rule), hint (words that residents use), due ("5 workdays",
    "24 hours", or empty), due_basis (the rule that says so); at most three levels; a parent stands
    above its children.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [FieldProblem("file", _("文件编码不是 UTF-8"), _("请另存为 UTF-8 的 CSV"))]
    if len(raw) > LARGEST:
        return [], [FieldProblem("file", _("文件太大"), _("类别表不超过 1 MB"))]
    rows = csv.reader(io.StringIO(text))
    header = tuple(name.strip() for name in next(rows, []))
    if header not in (COLUMNS, _WITHOUT_DUE):
        mend = _("第一行应为 %(columns)s") % {"columns": ",".join(COLUMNS)}
        return [], [FieldProblem("line 1", _("列名不对"), mend)]
    return _lines(rows, len(header))


def _lines(rows: Iterator[list[str]], columns: int) -> Lines:
    found: dict[str, CategoryLine] = {}
    problems: list[FieldProblem] = []
    for number, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        problem = _wrong(cells, found, columns)
        if problem:
            problems.append(FieldProblem(f"line {number}", *problem))
            continue
        code, parent, *words = cells
        level = found[parent].level + 1 if parent else 1
        found[code] = CategoryLine(code, parent, level, *words)
    if not found and not problems:
        problems.append(FieldProblem("file", _("文件里没有类别"), _("请至少写一行")))
    return list(found.values()), problems


def _wrong(
    cells: list[str], found: dict[str, CategoryLine], columns: int
) -> tuple[str, str] | None:
    if len(cells) != columns:
        return _("这一行的列数不对"), _("应有 %(n)d 列") % {"n": columns}
    line = dict.fromkeys(COLUMNS, "") | dict(zip(COLUMNS, cells, strict=False))
    code, parent = line["code"], line["parent"]
    if not _CODE.fullmatch(code):
        return _("代码 %(code)s 不合规则") % {"code": code[:40]}, _("用小写字母、数字和连字符")
    if code in found:
        return _("代码 %(code)s 重复") % {"code": code}, _("每个代码只用一次")
    if parent and parent not in found:
        return _("上级 %(code)s 不在前面") % {"code": parent[:40]}, _("先写上级，再写下级")
    if parent and found[parent].level >= _DEEPEST:
        return _("类别超过三级"), _("请并入上一级")
    long = [key for key, most in _LONGEST.items() if len(line[key]) > most]
    if long or not line["name"]:
        return _("名称或说明的长度不对"), _("名称 1 到 40 字，说明 200 字以内")
    return _wrong_due(line)


def _wrong_due(line: dict[str, str]) -> tuple[str, str] | None:
    if line["due"] and not _DUE.fullmatch(line["due"]):
        return _("期限 %(due)s 看不懂") % {"due": line["due"][:20]}, _("写成 5 workdays、24 hours")
    if bool(line["due"]) != bool(line["due_basis"]):
        return _("期限和依据要一起写"), _("补上依据，或把期限留空")
    return None
