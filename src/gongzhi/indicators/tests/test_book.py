"""The book of measures: its small language, and faults named by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from gongzhi.indicators.book import HOME, book, read_book
from gongzhi.indicators.errors import BookInvalid
from gongzhi.indicators.formula import FormulaInvalid, read_formula


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", 6.0),
        ("a / b", 2.0),
        ("a - b - 1", 2.0),
        ("a - (b - 1)", 4.0),
        ("a / b / 2 * 3 + 0.5", 3.5),
        ("(a + b) * 100", 900.0),
        ("a / nothing", None),
    ],
)
def test_a_formula_is_worked_out(text: str, value: float | None) -> None:
    assert read_formula(text).value({"a": 6, "b": 3}) == value


@pytest.mark.parametrize(
    "text", ["", "a +", "(a", "a)", "a b", "a ** b", "__import__('os')", "a.b", "a; b", "1e9", "A"]
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaInvalid):
        read_formula(text)


def test_the_book_that_ships_can_be_read() -> None:
    found = book()
    assert {"received", "closed", "on_time", "solved", "satisfied", "response"} <= set(
        found.indicators
    )
    assert all(one.names["en"] for one in found.indicators.values())


OWN = """indicators:
  - id: solved
    name: {zh: 解决得怎样, en: How it was solved}
    formula: verdicts_solved / verdicts
    n: verdicts
    minimum: 10
    unit: percent
    better: up
  - {id: share, name: {zh: 办结比, en: Closed part}, formula: closed / received, unit: percent, better: up}
public: {minimum: 8}
"""  # noqa: E501  # as people write it


@pytest.fixture
def own(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The file of a district's own indicators."""
    settings.DISTRICTS, settings.DISTRICT = tmp_path, "elsewhere"
    (tmp_path / "elsewhere").mkdir()
    book.cache_clear()
    yield tmp_path / "elsewhere" / "indicators.yaml"
    book.cache_clear()


def test_a_district_replaces_what_its_own_file_names(own: Path) -> None:
    shipped = book()
    own.write_text(OWN, "utf-8")
    book.cache_clear()
    found = book()
    assert found.indicators["solved"].minimum == 10
    assert found.indicators["share"].formula.value({"closed": 1, "received": 2}) == 0.5
    assert list(found.indicators) == [*shipped.indicators, "share"]
    assert found.public == {**shipped.public, "minimum": 8}
    assert found.page == shipped.page
    assert found.digest == shipped.digest  # nothing else is counted


@pytest.mark.parametrize(
    ("text", "line", "chinese", "english"),
    [
        (OWN.replace("closed / received", "closed / came"), 9, "没有度量“came”", "no measure"),
        (OWN.replace("8}", "8, top: [shar]}"), 10, "没有指标“shar”", "no indicator"),
        ("measure: []\n", 1, "不认识的键“measure”", "not known"),
        ("- a\n", 1, "最外层", "outermost"),
        ("page: [a]\n", 1, "“page”下的写法有误", "page"),
        ("page: {a\n", 2, "YAML 写法有误", "YAML is"),
    ],
)
def test_a_fault_of_the_districts_file_is_told_in_the_readers_words(
    own: Path, text: str, line: int, chinese: str, english: str
) -> None:
    own.write_text(text, "utf-8")
    told = []
    for language in ("zh-hans", "en"):
        book.cache_clear()
        with translation.override(language):
            with pytest.raises(BookInvalid) as refused:
                book()
            told.append(str(refused.value.faults[0]))
    assert all(one.startswith(f"elsewhere/indicators.yaml:{line}: ") for one in told)
    assert chinese in told[0]
    assert english in told[1]
    assert "Mend: " in told[1]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("formula: closed_in_time / closed", "formula: closed_in_tim / closed", "closed_in_tim"),
        ("formula: closed_in_time / closed", "formula: closed_in_time / (closed", "括号"),
        ("late: false}", "lat: false}", "lat"),
        ("day: opened, where", "day: somewhen, where", "somewhen"),
        ("unit: days", "unit: hours", "hours"),
        ("[received, closed, on_time, solved", "[received, closed, on_tme, solved", "on_tme"),
        (
            "better: down\n    list: {status: open}",
            "worse: down\n    list: {status: open}",
            "worse",
        ),
    ],
)
def test_a_fault_is_named_with_its_line_and_mend(before: str, after: str, message: str) -> None:
    text = HOME.read_text("utf-8")
    assert before in text
    broken = text.replace(before, after, 1)
    with pytest.raises(BookInvalid) as refused:
        read_book(broken, "indicators.yaml")
    fault = refused.value.faults[0]
    assert message in str(fault)
    assert fault.mend
    entry = next(n for n, line in enumerate(broken.splitlines(), 1) if after.split("\n")[0] in line)
    assert fault.line <= entry
