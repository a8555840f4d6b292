"""Sources are found by their code alone, and hand over what their room gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gongzhi.kernel import sources
from gongzhi.kernel.actor import ANONYMOUS, Actor
from gongzhi.kernel.errors import NotFound
from gongzhi.kernel.sources import Draft, Source

TAKEN: list[Any] = []


def _take(*, actor: Actor, source: int) -> None:
    TAKEN.append((actor, source))


@pytest.fixture
def _registered() -> Iterator[None]:
    TAKEN.clear()
    source = Source("room.thing", lambda _actor, number: Draft(f"words {number}", "32"), _take)
    sources.register_source(source)
    yield
    del sources.SOURCES["room.thing"]


@pytest.mark.usefixtures("_registered")
def test_a_code_leads_to_its_room() -> None:
    assert sources.draft_of(ANONYMOUS, "room.thing:17").words == "words 17"
    sources.take(ANONYMOUS, "room.thing:17")
    assert TAKEN == [(ANONYMOUS, 17)]


@pytest.mark.usefixtures("_registered")
@pytest.mark.parametrize(
    "code",
    ["", "room.thing", "room.thing:", "room.thing:0", "room.thing:-1", "room.thing:１", "x:1",
     "room.other:1", "room.thing:1:2", "room.thing:1 ", f"room.thing:{10**18}"],
)  # fmt: skip
def test_what_is_no_code_leads_nowhere(code: str) -> None:
    with pytest.raises(NotFound):
        sources.draft_of(ANONYMOUS, code)
    with pytest.raises(NotFound):
        sources.take(ANONYMOUS, code)
    assert TAKEN == []


def test_a_room_knows_its_own_codes_alone() -> None:
    assert sources.number_of("room.thing:17", "room.thing") == 17
    assert sources.number_of("room.thing:17", "room.other") is None
    assert sources.number_of("", "room.thing") is None
