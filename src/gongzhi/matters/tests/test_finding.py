"""Words are found in matters whether they are rare or frequent, and a long past is not counted."""

from __future__ import annotations

import pytest

from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters import queries
from gongzhi.matters.queries import lists
from gongzhi.matters.tests.support import GRID, Caller, report
from gongzhi.procedures.actions import move_case
from gongzhi.procedures.tests.support import World

WORDS = ("路灯坏了三盏", "B座路灯 一直不亮\n请来修", "消防通道停满了车", "灯")


def _found(text: str) -> list[int]:
    """Return which of `WORDS` are found, the newest first."""
    page = queries.list_matters(SYSTEM, queries.Filters(text=text))
    return [_places[row.reference] for row in page.items]


_places: dict[str, int] = {}


@pytest.fixture(params=[1000, 0], ids=["looked up", "walked"])
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Matters with `WORDS`; the bound between rare and frequent words high or low."""
    monkeypatch.setattr(lists, "_RARE", request.param)
    _places.clear()
    for place, words in enumerate(WORDS):
        _places[report(words=words, place_text="六号楼东侧").reference] = place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("路灯", [1, 0]),
        ("灯", [3, 1, 0]),
        ("b座路", [1]),
        ("不亮\n请", [1]),
        ("东侧", [3, 2, 1, 0]),
        # Each pair of letters occurs, the words do not.
        ("灯坏了三盏路灯", []),
        ("下水道", []),
        ("%", []),
    ],
)
def test_words_are_found_wherever_they_stand(told: None, text: str, found: list[int]) -> None:
    assert _found(text) == found


def test_a_reference_is_found_by_its_beginning(told: None) -> None:
    reference, place = next(iter(_places.items()))
    assert place in _found(reference[:8].lower())
    assert _found(reference) == [place]


def test_words_are_found_in_ones_own_reach_only(told: None, world: World) -> None:
    outside = Caller(world.staff["other_secretary"])
    assert outside.get("/matters", status="", text="路灯").json()["items"] == []


def test_a_long_past_is_counted_to_a_bound(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    for _time in range(3):
        case = report(area=GRID).case
        data = {"decline_reason": "petition", "reason": "信访已受理"}
        move_case(actor=SYSTEM, case=case, move="pass_up", data={"pass_reason": "请社区办"})
        move_case(actor=SYSTEM, case=case, move="decline", data=data)
        found = queries.counts(SYSTEM)
    report(area=GRID)
    found = queries.counts(SYSTEM)
    assert (found.open, found.closed, found.total, found.more) == (1, 2, 3, True)
    desk = Caller(world.staff["grid_worker"]).get("/matters/counts").json()
    assert (desk["closed"], desk["more"]) == (2, True)
