"""What a file says of questions, recusal and the time of a category, and how faults are told."""

from __future__ import annotations

import pytest

from gongzhi.procedures.definition import Ask, DefinitionInvalid, Due, Owner, Recuse, Span, parse
from gongzhi.procedures.definition.tests.samples import SIX

RECUSE = "recuse: {by: {role: street_officer, level: street}, reasons: {relative: 近亲属}}\n"


def faults(text: str) -> str:
    """Return what is wrong with the example and this added, with its mends."""
    with pytest.raises(DefinitionInvalid) as raised:
        parse(SIX + text, file="x.yaml")
    return str(raised.value)


def test_a_question_has_its_time() -> None:
    assert parse(SIX + "ask: 7 days\n").ask == Ask(Span(7, "days"), Span(7, "days"))
    longer = parse(SIX + "ask: {within: 7 days, longest: 30 days}\n").ask
    assert longer == Ask(Span(7, "days"), Span(30, "days"))
    assert parse(SIX).ask is None


def test_recusal_names_reasons_and_who_may_order_it() -> None:
    wanted = Recuse(Owner("street_officer", "street"), {"relative": "近亲属"})
    assert parse(SIX + RECUSE).recuse == wanted


def test_what_is_kept_of_a_file_says_the_same() -> None:
    whole = parse(SIX + RECUSE + "ask: 7 days\n")
    again = parse(whole.source)
    assert (again.ask, again.recuse) == (whole.ask, whole.recuse)


@pytest.mark.parametrize(("written", "mark"), [("true", "always"), ("shorter", "shorter")])
def test_a_stage_goes_by_its_category(written: str, mark: str) -> None:
    due = f"due: {{within: 5 workdays, by_category: {written}}}"
    stage = parse(SIX.replace("due: 5 workdays", due)).stages["collect"]
    assert stage.due == Due(5, "workdays", by_category=mark)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ask: 0 days\n", "ask 要写多久以内回答"),
        ("ask: {longest: 30 days}\n", "ask 要写多久以内回答"),
        ("ask: {within: soon}\n", "不是时间长度"),
        ("ask: {within: 7 days, until: 8 days}\n", "不认识的键 until"),
        (RECUSE.replace("relative", "Near"), "情形编号 Near 写法不对"),
        (RECUSE.replace("reasons: {relative: 近亲属}", "reasons: {}"), "recuse 要写由谁责令"),
        ("recuse: {reasons: {relative: 近亲属}}\n", "recuse 要写由谁责令"),
    ],
)
def test_faults_are_told(text: str, told: str) -> None:
    assert told in faults(text)


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ("{within: 5 workdays, by_category: longer}", "by_category"),
        ("{within: 5 workdays, by: finish_by, by_category: true}", "只能写一个"),
    ],
)
def test_faults_of_a_due_time_are_told(due: str, told: str) -> None:
    with pytest.raises(DefinitionInvalid) as raised:
        parse(SIX.replace("due: 5 workdays", f"due: {due}"), file="x.yaml")
    assert told in str(raised.value)
