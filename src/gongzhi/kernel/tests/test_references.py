"""Reference numbers find every slip of a single digit and every swap of neighbours."""

import contextlib
import datetime as dt
import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel.references import InvalidReference, check, make

prefixes = st.text(string.ascii_uppercase, min_size=1, max_size=6)
months = st.builds(
    lambda year, month: f"{year:02d}{month:02d}", st.integers(0, 99), st.integers(1, 12)
)
numbers = st.integers(1, 9_999_999)


@given(prefixes, months, numbers)
def test_a_made_reference_checks(prefix: str, month: str, number: int) -> None:
    reference = make(prefix, month, number)
    assert check(reference) == reference
    assert check(reference.replace("-", "")) == reference
    assert check(f"  {reference.lower().replace('-', ' — ')} ") == reference


@given(prefixes, months, numbers)
def test_every_wrong_digit_is_found(prefix: str, month: str, number: int) -> None:
    reference = make(prefix, month, number)
    for place, digit in enumerate(reference):
        for other in set(string.digits) - {digit} if digit.isdigit() else ():
            with pytest.raises(InvalidReference):
                check(reference[:place] + other + reference[place + 1 :])


@given(prefixes, months, numbers)
def test_every_swap_of_neighbours_is_found(prefix: str, month: str, number: int) -> None:
    reference = make(prefix, month, number)
    places = [place for place, sign in enumerate(reference) if sign.isdigit()]
    for first, second in itertools.pairwise(places):
        signs = list(reference)
        signs[first], signs[second] = signs[second], signs[first]
        if signs[first] != signs[second]:
            with pytest.raises(InvalidReference):
                check("".join(signs))


def test_the_example_of_the_help_text_checks() -> None:
    assert make("CC", "2611", 4827) == "CC-2611-04827-3"


def test_full_width_and_a_date_for_the_month() -> None:
    reference = make("CC", dt.date(2026, 11, 22), 4827)
    assert reference.startswith("CC-2611-04827-")
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign != "-" else "－" for sign in reference)
    assert check(wide) == reference


@pytest.mark.parametrize(
    "text",
    ["", "CC", "2611-04827-3", "CC-2613-04827-3", "CC-2611-4827-3", "x" * 61, "CC-26١١-04827-3"],
)
def test_what_is_no_reference_is_refused_with_a_mend(text: str) -> None:
    with pytest.raises(InvalidReference) as caught:
        check(text)
    assert caught.value.field == "reference"
    assert caught.value.mend


@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    with contextlib.suppress(InvalidReference):
        assert check(check(text)) == check(text)


@pytest.mark.parametrize(
    ("prefix", "month", "number"),
    [("cc", "2611", 1), ("CC", "2600", 1), ("CC", "2611", 0), ("CC", "2611", 10**10)],
)
def test_a_reference_is_not_made_of_nonsense(prefix: str, month: str, number: int) -> None:
    with pytest.raises(ValueError, match="no reference"):
        make(prefix, month, number)
