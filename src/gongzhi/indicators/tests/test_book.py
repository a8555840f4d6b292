"""The book of measures: its small language, and faults named by line."""

from __future__ import annotations

import pytest

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
