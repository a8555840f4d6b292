"""A sheet of the hotline: read, marked, mended, confirmed, taken in once, bad rows given back."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.kernel import clock, held
from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.kernel.errors import NotAllowed
from gongzhi.matters import actions, jobs, queries
from gongzhi.matters.errors import SheetStarted, SheetUnknown, SheetUnreadable
from gongzhi.matters.models import ForeignNumber, Matter, Reporter, Sheet, SheetRow
from gongzhi.matters.tests.support import COMMUNITY, PHONE, report
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.messages.models import Address, Notice
from gongzhi.procedures.tests.support import World

HEAD = (
    "工单编号*",
    "诉求内容",
    "诉求类别",
    "所属社区",
    "事发 地址",
    "来电人",
    "联系电话",
    "受理时间",
)
GOOD = ("HL-1", "3号楼路灯不亮", "路灯不亮", "一社区", "3号楼", "李秀英", PHONE, "2026-02-01 09:30")
ALSO = ("HL-2", "垃圾没人清", "市容类", "一社区居委会", "", "", "", "")
ROWS = (
    GOOD,
    ALSO,
    ("HL-3", "", "", "一社区", "", "", "", ""),
    ("HL-4", "井盖坏了", "", "一舍区", "", "", "", "昨天上午"),
    ("HL-5", "井盖坏了", "", "", "", "", "13812340417转8", ""),
)


def as_csv(rows: Any = ROWS, encoding: str = "utf-8", head: Any = HEAD) -> bytes:
    into = io.StringIO()
    csv.writer(into).writerows([("2026年2月工单",), head, *rows])
    return into.getvalue().encode(encoding)


def as_xlsx(rows: Any = ROWS) -> bytes:
    into = io.BytesIO()
    with xlsxwriter.Workbook(into) as book:
        page = book.add_worksheet()
        for number, cells in enumerate([HEAD, *rows]):
            page.write_row(number, 0, cells)
    return into.getvalue()


def check(world: World, content: bytes, name: str = "a.csv", who: str = "district_clerk") -> int:
    return actions.check_sheet(actor=world.staff[who], kind="hotline", name=name, content=content)


def take(world: World, sheet: int, who: str = "district_clerk") -> queries.SheetLine:
    actions.start_sheet(actor=world.staff[who], sheet=sheet)
    jobs.take_sheets(0)
    return queries.sheet_line(world.staff[who], sheet)


def test_the_e_mail_of_a_row_is_checked_and_asked_to_confirm(world: World) -> None:
    head = (*HEAD, "电子邮箱")
    rows = ((*GOOD, "li@example.com"), (*ALSO, ""), ("HL-9", "井盖坏了", *[""] * 6, "nobody"))
    sheet = check(world, as_csv(rows, head=head))
    (bad,) = queries.sheet_view(world.staff["district_clerk"], sheet).bad
    assert [one.field for one in bad.wrong] == ["email"]
    assert "name@example.com" in bad.wrong[0].mend
    assert take(world, sheet).counts["taken"] == 2
    kept = Address.objects.get()
    assert kept.confirmed_at is None
    assert kept.subject_id == Matter.objects.order_by("pk")[0].case_id
    assert list(Notice.objects.filter(address=kept).values_list("template", flat=True)) == [
        "address.confirm"
    ]


@pytest.mark.requirement("003-07")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", as_csv()),
        ("b.CSV", as_csv(encoding="gb18030")),
        ("c.csv", as_csv(encoding="utf-8-sig")),
        ("d.xlsx", as_xlsx()),
    ],
)
def test_a_sheet_with_three_bad_rows(world: World, name: str, content: bytes) -> None:
    clerk = world.staff["district_clerk"]
    sheet = check(world, content, name)
    assert not Matter.objects.exists()
    view = queries.sheet_view(clerk, sheet)
    assert (view.line.counts["good"], view.line.counts["bad"]) == (2, 3)
    wrong = {row.values["number"]: [(w.field, w.offer) for w in row.wrong] for row in view.bad}
    assert wrong == {
        "HL-3": [("words", "")],
        "HL-4": [("told_at", ""), ("community", "一社区")],
        "HL-5": [("phone", PHONE)],
    }
    assert all(w.message and w.mend for row in view.bad for w in row.wrong)
    line = take(world, sheet)
    assert (line.status, line.counts["taken"], line.counts["bad"]) == ("done", 2, 3)
    lamp, rubbish = Matter.objects.order_by("pk")
    assert (lamp.channel, lamp.category, lamp.case.area) == (
        "hotline",
        "lighting-street",
        COMMUNITY,
    )
    assert (rubbish.category, rubbish.anonymous) == ("", True)
    assert Reporter.objects.get().matter_id == lamp.pk
    number = ForeignNumber.objects.get(matter=lamp)
    assert number.told_at is not None
    assert (number.number, f"{clock.local(number.told_at):%m-%d %H:%M}") == ("HL-1", "02-01 09:30")


@pytest.mark.requirement("003-07")
def test_matters_of_three_sources_are_in_one_queue(world: World) -> None:
    report()
    report(world.staff["community_worker"], channel="phone")
    take(world, check(world, as_csv([GOOD])))
    found = queries.list_matters(world.staff["district_clerk"])
    assert {row.channel for row in found.items} == {"web", "phone", "hotline"}


def test_the_same_sheet_again_doubles_nothing(world: World) -> None:
    first = check(world, as_csv([GOOD, ALSO]))
    waiting = check(world, as_csv([GOOD, ALSO]))  # looked over before the first was taken in
    take(world, first)
    again = check(world, as_csv([GOOD, ALSO, ("HL-9", "新的", *ALSO[2:])]))
    assert queries.sheet_line(world.staff["district_clerk"], again).counts["known"] == 2
    assert take(world, waiting).counts["known"] == 2
    assert take(world, again).counts["taken"] == 1
    assert Matter.objects.count() == 3


def test_confirmed_twice_it_starts_once_and_what_is_started_stays(world: World) -> None:
    clerk, sheet = world.staff["district_clerk"], check(world, as_csv())
    for _n in range(2):
        actions.start_sheet(actor=clerk, sheet=sheet)
    with pytest.raises(SheetStarted):
        actions.mend_row(actor=clerk, sheet=sheet, line=5, values={"words": "有"})
    with pytest.raises(SheetStarted):
        actions.drop_sheet(actor=clerk, sheet=sheet)
    jobs.take_sheets(0)
    assert Matter.objects.count() == 2


def test_a_row_is_mended_and_checked_again(world: World) -> None:
    clerk, sheet = world.staff["district_clerk"], check(world, as_csv())
    bad = queries.sheet_view(clerk, sheet).bad
    lines = {row.values["number"]: row.line for row in bad}
    given = {"told_at": "", "community": "一社区", "nonsense": "x"}
    assert actions.mend_row(actor=clerk, sheet=sheet, line=lines["HL-4"], values=given) == "good"
    twice = {"words": "有了", "number": "HL-1"}
    assert actions.mend_row(actor=clerk, sheet=sheet, line=lines["HL-3"], values=twice) == "bad"
    assert queries.sheet_line(clerk, sheet).counts["good"] == 3
    with pytest.raises(SheetUnknown):
        actions.mend_row(actor=clerk, sheet=sheet, line=lines["HL-4"], values=given)


def test_numbers_that_come_twice_in_one_sheet_are_both_marked(world: World) -> None:
    sheet = check(world, as_csv([GOOD, (GOOD[0], *ALSO[1:])]))
    counts = queries.sheet_line(world.staff["district_clerk"], sheet).counts
    assert (counts["good"], counts["bad"]) == (0, 2)


def test_a_row_refused_at_the_end_is_told_and_the_rest_goes_on(world: World) -> None:
    """The clerk loses the post between confirming and taking in: nothing is written as nobody."""
    from gongzhi.organisations.models import Post

    clerk, sheet = world.staff["district_clerk"], check(world, as_csv([GOOD, ALSO]))
    actions.start_sheet(actor=clerk, sheet=sheet)
    held.forget_all()
    end(Post, clerk.account or 0)
    jobs.take_sheets(0)
    line = queries.sheet_line(clerk, sheet)
    assert (line.status, line.counts["bad"], Matter.objects.count()) == ("done", 2, 0)


def end(model: Any, account: int) -> None:
    """Let every post of an account be over."""
    from gongzhi.kernel.action import action
    from gongzhi.kernel.actor import SYSTEM

    @action
    def over(*, actor: Any) -> None:
        yesterday = clock.today() - timedelta(days=1)
        model.objects.filter(account_id=account).update(valid_to=yesterday)

    over(actor=SYSTEM)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF"),
        ("a.csv", b""),
        ("a.csv", "内容\n有\n".encode()),
        ("a.csv", as_csv([])),
        ("a.csv", b"\x00\x01"),
        ("a.csv", b"\xff\xfe\xff"),
        ("a.xlsx", b"PK\x03\x04nonsense"),
        ("a.xlsx", b"nonsense"),
        ("a.xls", b""),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1)),
        ("a.csv", as_csv([GOOD] * 5001)),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_mend(
    world: World, name: str, content: bytes
) -> None:
    with pytest.raises(SheetUnreadable) as refused:
        check(world, content, name)
    assert refused.value.mend
    assert not Sheet.objects.exists()


def test_rows_are_sealed_and_forgotten_in_time(world: World) -> None:
    sheet = check(world, as_csv())
    for row in SheetRow.objects.all():
        assert PHONE.encode() not in bytes(row.sealed)
        assert "李秀英".encode() not in bytes(row.sealed)
    with clock.travel_to(clock.now() + timedelta(days=15)):
        jobs.forget_sheets(0)
    assert not SheetRow.objects.exists()
    with pytest.raises(SheetUnknown):
        queries.sheet_view(world.staff["district_clerk"], sheet)


def test_somebody_elses_sheet_is_no_sheet(world: World) -> None:
    sheet = check(world, as_csv())
    other = world.staff["community_worker"]
    for read in (queries.sheet_line, queries.sheet_view, lambda a, s: list(queries.bad_rows(a, s))):
        with pytest.raises(SheetUnknown):
            read(other, sheet)
    for write in (actions.start_sheet, actions.drop_sheet):
        with pytest.raises(SheetUnknown):
            write(actor=other, sheet=sheet)
    assert queries.own_sheets(other) == []
    for nobody in (ANONYMOUS, world.liaisons[world.departments[0]]):
        with pytest.raises(NotAllowed):
            actions.check_sheet(actor=nobody, kind="hotline", name="a.csv", content=as_csv())


def test_bad_rows_come_back_as_a_sheet_that_runs_no_formula(world: World) -> None:
    evil = ("HL-8", "", "=HYPERLINK(1)", "+一社区", "@x", "-李", "", "")
    sheet = check(world, as_csv([evil]))
    client = desk(world, "district_clerk")
    answer = client.get(reverse("matters:sheet_bad", args=[sheet]))
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    head, row = ([cell.value for cell in cells] for cells in page.rows)
    assert head[-2:] == ["错误", "怎么改"]
    assert "诉求内容" in row[-2]
    assert "'=HYPERLINK(1)" in row
    assert not [value for value in row if value and value[0] in "=+-@"]


def test_the_pages_from_the_file_to_the_matters(world: World) -> None:
    client = desk(world, "district_clerk")
    page = reverse("matters:sheets")
    assert "认得哪些列名" in text(client.get(page))
    wrong = SimpleUploadedFile("a.txt", b"x", "text/plain")
    assert "不认识这种文件" in text(client.post(page, {"kind": "hotline", "file": wrong}))
    file = SimpleUploadedFile("二月.xlsx", as_xlsx(), "application/octet-stream")
    done = client.post(page, {"kind": "hotline", "file": file})
    shown = text(client.get(done.url))
    assert "2 行可以导入，3 行有错" in shown
    assert "没有叫“一舍区”的社区" in shown
    sheet = Sheet.objects.get()
    lines = dict(re.findall(r'id="row-(\d+)">.*?(HL-\d)', shown, re.DOTALL))
    line = next(n for n, number in lines.items() if number == "HL-5")
    mended = client.post(
        reverse("matters:sheet_mend", args=[sheet.pk, line]), {f"row{line}-phone": PHONE}
    )
    assert "3 行可以导入，2 行有错" in text(client.get(mended.url))
    client.post(reverse("matters:sheet_take", args=[sheet.pk]))
    assert "正在导入" in text(client.get(done.url))
    part = text(client.get(done.url, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "every 2s" in part
    jobs.take_sheets(0)
    assert "导入 3 行；以前导入过 0 行；有错没导入 2 行" in text(client.get(done.url))
    assert "二月.xlsx" in text(client.get(page))
    assert "已删除" in text(
        client.post(reverse("matters:sheet_drop", args=[sheet.pk]), follow=True)
    )
    assert Matter.objects.count() == 3


def test_the_pages_take_the_same_statements_for_many_rows(world: World) -> None:
    clerk = world.staff["district_clerk"]

    def statements(rows: int) -> int:
        made = [(f"HL-{rows}-{n}", *GOOD[1:]) for n in range(rows)]
        wrong = [(f"HX-{rows}-{n}", "", *GOOD[2:]) for n in range(rows)]
        sheet = check(world, as_csv([*made, *wrong]))
        held.forget_all()
        with CaptureQueriesContext(connection) as seen:
            queries.sheet_view(clerk, sheet)
        return len(seen)

    assert statements(1) == statements(3)

    def listed() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.own_sheets(clerk)
        return len(seen)

    two = listed()
    check(world, as_csv())
    assert listed() == two
