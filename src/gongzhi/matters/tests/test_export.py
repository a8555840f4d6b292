"""The list as a table to take away: read back as it was, in steps, in scope, without formulas."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.kernel import held
from gongzhi.kernel.errors import NotAllowed
from gongzhi.matters import queries, written
from gongzhi.matters.queries import export
from gongzhi.matters.tests.support import OTHER_COMMUNITY, PHONE, Caller, is_problem, report
from gongzhi.matters.tests.test_pages_matters import desk
from gongzhi.procedures.tests.support import World

ROWS = 5000
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)")


def _body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def _sheet(content: bytes) -> list[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def _csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _get(client: Any, form: str, **query: str) -> Any:
    return client.get(reverse("matters:export", args=[form]), query)


def test_both_forms_say_the_same_and_nothing_of_persons(world: World) -> None:
    refs = [report(name="李秀英", phone=PHONE, words=f"第{n}件事").reference for n in range(3)]
    other = report(area=OTHER_COMMUNITY, words="别处的事")
    client = desk(world, "community_secretary")
    sheet, table = _sheet(_body(_get(client, "xlsx"))), _csv(_body(_get(client, "csv")))
    assert sheet == table
    assert [line[0] for line in sheet[1:]] == refs[::-1]
    assert other.reference not in str(sheet)
    assert PHONE not in str(sheet)
    assert "李秀英" not in str(sheet)


def test_words_are_never_a_formula(world: World) -> None:
    for words in FORMULAS:
        report(words=words + "这里写了公式")
    content = _body(_get(desk(world, "community_secretary"), "xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    titles = [line[1] for line in _sheet(content)[1:]]
    assert [one[:2] for one in titles] == [f"'{one[0]}" for one in FORMULAS[::-1]]


def test_a_workbook_leaves_while_its_rows_are_still_read() -> None:
    pieces: list[bytes] = []
    gone: list[int] = []

    def rows() -> Iterator[list[str]]:
        for number in range(ROWS):
            gone.append(sum(map(len, pieces)))
            yield [f"{number}", hashlib.sha256(str(number).encode()).hexdigest()]

    pieces.extend(written.workbook(rows(), "事项"))
    whole = b"".join(pieces)
    assert gone[1] > 0, "the first bytes leave with the first row"
    assert gone[-1] > len(whole) * 0.9, "and nearly all of them before the last"
    assert max(map(len, pieces)) < len(whole) / 5
    sheet = _sheet(whole)
    assert len(sheet) == ROWS
    assert sheet[-1][0] == str(ROWS - 1)


def test_a_workbook_keeps_what_xml_and_spreadsheets_would_read_otherwise() -> None:
    odd = ["<b>&\"'</b>", " 两端空格 ", "第一行\n第二行", "a_b", "响铃\x07", "🚲", "", "]]>"]
    (read,) = _sheet(b"".join(written.workbook([odd], "事项")))
    assert read == [*odd[:4], "响铃", *odd[5:]]
    assert _sheet(b"".join(written.workbook([], "事项"))) == []
    # Excel reads _x0041_ as the letter A, unless its first stroke is a code of its own.
    coded = ZipFile(io.BytesIO(b"".join(written.workbook([["_x0041_"]], "事项"))))
    assert b">_x005F_x0041_<" in coded.read("xl/worksheets/sheet1.xml")


def test_the_header_speaks_the_readers_language(world: World) -> None:
    report()
    client = desk(world, "community_secretary")
    client.cookies["django_language"] = "en"
    for read, form in ((_sheet, "xlsx"), (_csv, "csv")):
        header = read(_body(_get(client, form)))[0]
        assert header[0] == "Code"
        assert all(one.isascii() for one in header)


def test_steps_leave_nothing_out_and_take_a_fixed_number_of_statements(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [report(words=f"第{n}件事").reference for n in range(5)]
    actor = world.staff["community_secretary"]
    monkeypatch.setattr(export, "_STEP", 2)
    assert [line[0] for line in queries.export_rows(actor)][1:] == refs[::-1]
    monkeypatch.setattr(export, "LARGEST_EXPORT", 3)
    assert [line[0] for line in queries.export_rows(actor)][1:] == refs[:1:-1]


def test_three_rows_take_as_many_statements_as_one(world: World) -> None:
    actor = world.staff["community_secretary"]
    taken = []
    for more in (1, 2):
        for number in range(more):
            report(words=f"第{more}{number}件事")
        held.forget_all()
        with CaptureQueriesContext(connection) as counted:
            list(queries.export_rows(actor))
        taken.append(len(counted))
    assert taken[0] == taken[1]


def test_who_may_not_export_is_told_at_once(world: World) -> None:
    with pytest.raises(NotAllowed):
        queries.export_rows(world.staff["grid_worker"])
    assert _get(desk(world, "community_secretary"), "pdf").status_code == 404


def test_the_api_gives_the_same_file(world: World) -> None:
    found = report()
    caller = Caller(world.staff["community_secretary"], "matters.see", "matters.export")
    answer = caller.get("/exports/matters/xlsx", status="open")
    assert "spreadsheetml" in answer["Content-Type"]
    assert _sheet(_body(answer))[1][0] == found.reference
    closed = caller.get("/exports/matters/csv", status="closed")
    assert len(_csv(_body(closed))) == 1
    assert caller.get("/exports/matters/pdf").status_code == 422
    is_problem(caller.get("/exports/matters/csv", status="odd"), 422, "status")
    plain = Caller(world.staff["community_secretary"])
    is_problem(plain.get("/exports/matters/csv"), 403)
