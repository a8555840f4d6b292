"""Sealed texts, blind indexes, masks."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel import crypto

OLD, NEW, INDEX = secrets.token_bytes(32), secrets.token_bytes(32), secrets.token_bytes(32)
RING = crypto.KeyRing({"k1": OLD}, "k1", INDEX)
ROTATED = crypto.KeyRing({"k1": OLD, "k2": NEW}, "k2", INDEX)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXTS)
def test_a_sealed_text_opens_again_and_does_not_show(text: str) -> None:
    sealed = RING.seal(text, "people.name")
    assert RING.open(sealed, "people.name") == text
    if len(text.encode()) > 3:
        assert text.encode() not in sealed


def test_equal_texts_are_sealed_differently() -> None:
    assert RING.seal("13812340417", "people.phone") != RING.seal("13812340417", "people.phone")


def test_a_text_sealed_for_one_purpose_opens_for_no_other() -> None:
    sealed = RING.seal("13812340417", "people.phone")
    with pytest.raises(crypto.CannotOpen):
        RING.open(sealed, "matters.phone")


@given(st.integers(0, 43), st.integers(1, 255))
def test_any_changed_byte_is_noticed(at: int, flip: int) -> None:
    sealed = bytearray(RING.seal("13812340417", "people.phone"))
    sealed[at] ^= flip
    with pytest.raises(crypto.CannotOpen):
        RING.open(bytes(sealed), "people.phone")


@given(st.binary(max_size=60))
def test_rubbish_is_refused_and_never_an_accident(raw: bytes) -> None:
    with pytest.raises(crypto.CannotOpen):
        RING.open(raw, "people.phone")


def test_after_a_new_key_old_data_opens_and_new_data_uses_the_new_key() -> None:
    sealed = RING.seal("李小明", "people.name")
    assert ROTATED.open(sealed, "people.name") == "李小明"
    assert not ROTATED.is_newest(sealed)
    anew = ROTATED.seal("李小明", "people.name")
    assert ROTATED.is_newest(anew)
    with pytest.raises(crypto.CannotOpen):
        RING.open(anew, "people.name")


def test_indexes_survive_a_new_key_and_differ_by_purpose() -> None:
    assert RING.index("13812340417", "a") == ROTATED.index("13812340417", "a")
    assert RING.index("13812340417", "a") != RING.index("13812340417", "b")
    assert RING.index("１３８ 1234 0417", "a") == RING.index("13812340417", "a")


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812340417", "138****0417"),
        ("051385098888", "051*****8888"),
        ("85098888", "*****888"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_phones_are_masked_in_the_middle(phone: str, masked: str) -> None:
    assert crypto.mask_phone(phone) == masked


def test_names_addresses_and_numbers_show_only_their_end() -> None:
    assert crypto.mask_name("李小明") == "李**"
    assert crypto.mask_name("李明") == "李**"
    assert crypto.mask_name("") == ""
    assert crypto.mask_id_number("11010519491231002X") == "*" * 16 + "2X"
    assert crypto.mask_address("虹桥路46号3幢501室") == "虹桥路****"
