"""Import and export: every bad row is named, nothing is half-written, and the way back is exact."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
import pytest
import shapely
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.areas import actions, queries, tables
from gongzhi.areas.errors import FileUnreadable, RowsRefused
from gongzhi.areas.models import Area, AreaShape
from gongzhi.areas.tests.support import DISTRICT, HOME, STREET, current, small_tree
from gongzhi.facts.models import FactRecord
from gongzhi.kernel import coordinates
from gongzhi.kernel.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db
NEW = "990101001003"
HEAD = "代码,名称,类别,启用日期,停用日期,户数,人数\n"


def _csv(*lines: str) -> bytes:
    return (HEAD + "\n".join(lines)).encode()


def _check(content: bytes, name: str = "a.csv", actor: Actor = SYSTEM) -> actions.ImportReport:
    return actions.import_areas(actor=actor, name=name, content=content, dry_run=True)


GOOD = _csv(
    f"{NEW},新社区,居民区社区,2021-01-01,,100,250",
    f"{NEW}001,新社区第1网格,基础网格,2021-01-01,,100,250",
)


def test_a_clean_file_is_written_whole(tree: None) -> None:
    report = actions.import_areas(actor=SYSTEM, name="a.csv", content=GOOD, dry_run=False)
    assert (report.opened, report.changed, report.written) == (2, 0, True)
    assert queries.get_area(NEW + "001").kind_name == "基础网格"
    assert FactRecord.objects.filter(kind="areas.imported").count() == 1


def test_a_dry_run_writes_nothing(tree: None) -> None:
    before = Area.objects.count()
    report = _check(GOOD)
    assert (report.rows, report.opened, report.written, report.problems) == (2, 2, False, ())
    assert Area.objects.count() == before
    assert not FactRecord.objects.exists()


@pytest.mark.requirement("004-02")
def test_a_staircase_lies_under_its_building_and_nowhere_else(tree: None) -> None:
    building, staircase = HOME + "001001", HOME + "00100101"
    row = f"{staircase},一号楼1单元,楼道,2021-01-01,,20,45"
    report = actions.import_areas(actor=SYSTEM, name="a.csv", content=_csv(row), dry_run=False)
    assert report.written
    below = queries.children(building)
    assert [(area.code, area.level, area.kind_name) for area in below] == [
        (staircase, "staircase", "楼道")
    ]
    astray = _check(_csv(f"{HOME}00200101,无楼的单元,楼道,2021-01-01,,20,45"))
    assert [(one.line, one.field) for one in astray.problems] == [(2, "代码")]


BAD = [
    ("12345678901,x,居民区社区,,,,", 2, "代码"),
    ("９９０１０１００１００３,x,居民区社区,,,,", 2, "代码"),
    ("990199001001,x,居民区社区,,,,", 2, "代码"),
    (f"{NEW},,居民区社区,,,,", 2, "名称"),
    (f"{NEW},{'长' * 61},居民区社区,,,,", 2, "名称"),
    (f"{NEW},x,基础网格,,,,", 2, "类别"),
    (f"{NEW},x,,,,,", 2, "类别"),
    (f"{NEW},x,居民区社区,2021-13-01,,,", 2, "启用日期"),
    (f"{NEW},x,居民区社区,2021-02-01,2021-01-01,,", 2, "停用日期"),
    (f"{NEW},x,居民区社区,,,-1,", 2, "户数"),
    (f"{NEW},x,居民区社区,,,,3.5", 2, "人数"),
    (f"{NEW},x,居民区社区,,,99999999999,", 2, "户数"),
    (f"{HOME},x,居民区社区,2021-01-01,,,", 2, "代码"),
]


@pytest.mark.parametrize(("line", "at", "column"), BAD)
def test_a_bad_row_is_named_with_line_column_and_mend(
    tree: None, line: str, at: int, column: str
) -> None:
    problems = _check(_csv(line)).problems
    assert [(p.line, p.field) for p in problems] == [(at, column)]
    assert problems[0].message
    assert problems[0].mend


def test_every_bad_row_is_listed_and_nothing_is_written(tree: None) -> None:
    lines = [line for line, *_ in BAD]
    before = Area.objects.count()
    content = _csv(*lines, f"{NEW}9,好的一行,居民区社区,,,,")
    with pytest.raises(RowsRefused) as caught:
        actions.import_areas(actor=SYSTEM, name="a.csv", content=content, dry_run=False)
    named = {problem.field.split(":")[0] for problem in caught.value.problems}
    assert named >= {str(n) for n in range(2, 2 + len(lines))}
    assert Area.objects.count() == before


def test_two_rows_for_one_code_and_time_name_each_other(tree: None) -> None:
    content = _csv(
        f"{NEW},甲,居民区社区,2021-01-01,2022-01-01,,",
        f"{NEW},乙,居民区社区,2021-06-01,,,",
    )
    problems = _check(content).problems
    assert [p.line for p in problems] == [3]
    assert "第 2 行" in problems[0].message


def test_rows_outside_the_actors_areas_are_refused(
    tree: None, manager: Callable[[str], Actor]
) -> None:
    assert _check(GOOD, actor=manager(STREET)).problems == ()
    problems = _check(GOOD, actor=manager(HOME)).problems
    assert [p.line for p in problems] == [2, 3]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF"),
        ("a.csv", "代码,名称\n".encode()),
        ("a.csv", b""),
        ("a.csv", b"\xff\xfe\x00\x81\x20\x00"),
        ("a.csv", b"code,name,kind\n\0"),
        ("a.xlsx", b"not a workbook"),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.geojson", b"{"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [1]}'),
        ("a.geojson", b"[]"),
        ("a.csv", b"x" * (tables.LARGEST + 1)),
    ],
)
def test_what_cannot_be_read_says_so(tree: None, name: str, content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        _check(content, name)


def _excel(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate([list(tables.COLUMNS.values()), *rows]):
            for column, cell in enumerate(cells):
                sheet.write(line, column, cell)
    return out.getvalue()


def test_excel_codes_kept_as_numbers_are_read_while_exact(tree: None) -> None:
    report = _check(_excel([[int(NEW), "新社区", "居民区社区", "", "", 10, 20]]), "a.xlsx")
    assert (report.opened, report.problems) == (1, ())


def test_excel_codes_that_lost_digits_are_refused(tree: None) -> None:
    row = [int(HOME + "001002"), "二号楼", "楼栋", "", "", "", ""]
    problems = _check(_excel([row]), "a.xlsx").problems
    assert [(p.line, p.field) for p in problems] == [(2, "代码")]
    assert "文本" in problems[0].mend


def _feature(code: str, geometry: Any) -> dict[str, Any]:
    values = {"code": code, "name": "新社区", "kind": "residential"}
    return {"type": "Feature", "properties": values, "geometry": geometry}


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [110, 30]},
        {
            "type": "Polygon",
            "coordinates": [[[110, 30], [111, 31], [111, 30], [110, 31], [110, 30]]],
        },
        {"type": "Polygon", "coordinates": [[[30, 110], [30, 111], [31, 111], [30, 110]]]},
        {"type": "Polygon", "coordinates": [[[110, 30]]]},
        {"type": "Polygon", "coordinates": "no"},
        {"type": "Polygon"},
        {"type": "Cube", "coordinates": []},
    ],
)
def test_bad_outlines_are_refused(tree: None, geometry: Any) -> None:
    content = orjson.dumps({"type": "FeatureCollection", "features": [_feature(NEW, geometry)]})
    problems = _check(content, "a.geojson").problems
    assert [(p.line, p.field) for p in problems] == [(1, "geometry")]


def test_outlines_are_converted_at_the_door(tree: None) -> None:
    square = [coordinates.wgs84_to_gcj02(*p) for p in [(110, 30), (110.1, 30), (110.1, 30.1)]]
    geometry = {"type": "Polygon", "coordinates": [[*square, square[0]]]}
    content = orjson.dumps({"type": "FeatureCollection", "features": [_feature(NEW, geometry)]})
    actions.import_areas(
        actor=SYSTEM, name="a.geojson", content=content, dry_run=False, system="gcj02"
    )
    kept = shapely.from_wkb(bytes(AreaShape.objects.get(area__code=NEW).geometry))
    wanted = shapely.Polygon([(110, 30), (110.1, 30), (110.1, 30.1)])
    assert kept.symmetric_difference(wanted).area < 1e-7
    assert queries.locate(110.09, 30.05) == NEW


@pytest.mark.parametrize("form", sorted(tables.WRITERS))
def test_what_is_exported_comes_back_unchanged(tree: None, form: str) -> None:
    change = actions.Change(date(2022, 1, 1), "更名")
    actions.rename_area(actor=SYSTEM, code=HOME, name="新名", change=change)
    content = tables.WRITERS[form][0](queries.records(SYSTEM, DISTRICT))
    before = list(Area.objects.order_by("id").values())
    report = actions.import_areas(actor=SYSTEM, name=f"a.{form}", content=content, dry_run=False)
    assert (report.opened, report.changed, report.problems) == (0, 0, ())
    assert report.rows == report.unchanged == Area.objects.filter(code__gte=DISTRICT).count()
    assert list(Area.objects.order_by("id").values()) == before


def test_an_export_opens_in_an_empty_house(db: None) -> None:
    small_tree()
    content = tables.write_excel(queries.records(SYSTEM, "99"))
    rows = tables.read("a.xlsx", content)
    assert len(rows) == Area.objects.count()
    assert rows[2].values["code"] == DISTRICT
    assert rows[2].values["households"] == "1500"


def test_counts_are_exported_only_where_they_may_be_seen(
    tree: None, manager: Callable[[str], Actor]
) -> None:
    found = {r.code: r.households for r in queries.records(manager(HOME), STREET)}
    assert found[HOME] == 600
    assert found[STREET] is None


def test_a_correction_changes_the_row_it_names(tree: None) -> None:
    line = f"{HOME},一社区,居民区社区,2020-01-01,,601,1500"
    report = actions.import_areas(actor=SYSTEM, name="a.csv", content=_csv(line), dry_run=False)
    assert (report.opened, report.changed) == (0, 1)
    assert current(HOME).households == 601


cells = st.text(max_size=12).filter(lambda text: "\0" not in text)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(cells, min_size=7, max_size=7), max_size=5))
def test_no_table_whatever_breaks_the_reader(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([list(tables.COLUMNS.values()), *rows])
    text = out.getvalue()
    try:
        content = text.encode()
    except UnicodeEncodeError:
        return
    found = tables.read("a.csv", content)
    assert len(found) <= len(rows)
