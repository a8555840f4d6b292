"""The arithmetic of area codes holds for every code, not only for the examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel import codes
from gongzhi.kernel.codes import InvalidCode

lengths = st.sampled_from(sorted(codes.LENGTHS.values()))
digits = st.text("0123456789", min_size=20, max_size=20)
some_code = st.builds(lambda text, length: text[:length], digits, lengths)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("32", "province"),
        ("3206", "city"),
        ("320613", "district"),
        ("320613005", "street"),
        ("320613005001", "community"),
        ("320613005001004", "grid"),
        ("320613005001004002", "building"),
        ("32061300500100400203", "staircase"),
    ],
)
def test_level_follows_from_the_length(code: str, level: codes.Level) -> None:
    assert codes.level_of(code) == level


@pytest.mark.parametrize(
    "text", ["", "3", "320", "32061a", "３２", "320613 ", "-2", "3" * 21, "٣٢"]
)
def test_what_is_no_code_is_refused_with_a_mend(text: str) -> None:
    with pytest.raises(InvalidCode) as caught:
        codes.level_of(text)
    assert caught.value.field == "code"
    assert caught.value.mend


@given(some_code)
def test_the_parent_is_the_longest_proper_ancestor(code: str) -> None:
    above = codes.ancestors(code)
    assert codes.parent(code) == (above[-1] if above else None)
    assert all(codes.is_within(code, item) for item in above)
    assert codes.ancestors(code, itself=True) == (*above, code)


@given(some_code, some_code)
def test_the_range_holds_exactly_what_lies_within(code: str, prefix: str) -> None:
    lo, hi = codes.prefix_range(prefix)
    assert (lo <= code < hi) == codes.is_within(code, prefix)


@given(some_code, st.sampled_from(codes.LEVELS))
def test_a_prefix_lies_at_its_level_or_is_refused(code: str, level: codes.Level) -> None:
    if codes.LENGTHS[level] <= len(code):
        assert codes.level_of(codes.prefix_at(code, level)) == level
        assert codes.is_within(code, codes.prefix_at(code, level))
    else:
        with pytest.raises(InvalidCode):
            codes.prefix_at(code, level)


@given(some_code, st.integers(-5, 1200))
def test_children_have_their_parent_and_a_number_that_fits(code: str, sequence: int) -> None:
    below = codes.child_level(codes.level_of(code))
    digits_free = codes.LENGTHS[below] - len(code) if below else 0
    if below and 0 < sequence < 10**digits_free:
        child = codes.child_code(code, sequence)
        assert codes.parent(child) == code
        assert codes.level_of(child) == below
    else:
        with pytest.raises(InvalidCode):
            codes.child_code(code, sequence)


def test_nothing_lies_within_the_empty_prefix() -> None:
    assert not codes.is_within("320613", "")
