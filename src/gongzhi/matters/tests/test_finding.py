"""Words are found in matters whether they are rare or frequent, and a long past is not counted."""

from __future__ import annotations

import pytest
from django.db import connection

from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.held import forget_all
from gongzhi.matters import queries
from gongzhi.matters.choices import SUBJECT
from gongzhi.matters.queries import lists, words
from gongzhi.matters.tests.support import GRID, OTHER_COMMUNITY, OTHER_GRID, Caller, report
from gongzhi.procedures.actions import move_case
from gongzhi.procedures.models import WorkItem
from gongzhi.procedures.queries import visible_cases, visible_parts
from gongzhi.procedures.tests.support import World

WORDS = ("路灯坏了三盏", "B座路灯 一直不亮\n请来修", "消防通道停满了车", "灯")


def _found(text: str) -> list[int]:
    """Return which of `WORDS` are found, the newest first."""
    page = queries.list_matters(SYSTEM, queries.Filters(text=text))
    return [_places[row.reference] for row in page.items]


_places: dict[str, int] = {}


@action
def learn(*, actor: Actor) -> None:
    """Let the database learn which pairs are frequent, as it does by itself after many writes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matters_matter")


WAYS = {"looked up": (1000, ""), "walked": (0, ""), "met on the way": (1000, "ANALYZE")}


@pytest.fixture(params=WAYS)
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Matters with `WORDS`, few of them named one by one, or none; known as frequent or not."""
    few, analyse = WAYS[request.param]
    monkeypatch.setattr(words, "_FEW", few)
    monkeypatch.setattr(lists, "NEAR", (1, 2))
    _places.clear()
    for place, said in enumerate(WORDS):
        _places[report(words=said, place_text="六号楼东侧").reference] = place
    forget_all()
    if analyse:
        learn(actor=SYSTEM)
    # The planner's samples hold every pair of so few matters.
    assert words.is_frequent("路灯坏") is bool(analyse)


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


@action
def hand(*, actor: Actor, case: int, account: int | None) -> None:
    """Let somebody hold the open items of a case wherever it lies."""
    WorkItem.objects.filter(case=case, done_at=None).update(claimed_by=account)


def test_the_newest_of_ones_own_places_and_what_one_holds_elsewhere_are_one_list(
    world: World,
) -> None:
    """Read in parts, a list is still one: nothing twice, nothing left out, page after page."""
    near, far = report(area=OTHER_COMMUNITY).case, report(area=GRID).case
    last = report(area=OTHER_COMMUNITY).case
    hidden = report(area=GRID).case
    actor = world.staff["other_secretary"]
    for case in (far, near):
        hand(actor=SYSTEM, case=case, account=actor.account)
    assert len(visible_parts(actor, SUBJECT)) == 2
    cursor, met = "", []
    for _page in range(3):
        page = queries.list_matters(actor, queries.Filters(), cursor, 1, "newest")
        met += [row.case for row in page.items]
        cursor = page.next or ""
    assert (met, cursor) == ([last, far, near], "")
    within = queries.Filters(area=OTHER_COMMUNITY)
    assert [r.case for r in queries.list_matters(actor, within, order="newest").items] == [
        last,
        near,
    ]
    assert hidden not in met


def test_the_parts_of_a_reach_are_the_whole_of_it(world: World) -> None:
    cases = [report(area=area).case for area in (GRID, OTHER_GRID, OTHER_COMMUNITY)]
    everybody = [*world.staff.values(), *world.liaisons.values(), SYSTEM]
    hand(actor=SYSTEM, case=cases[2], account=world.staff["grid_worker"].account)
    for actor in everybody:
        parts = {case.pk for part in visible_parts(actor, SUBJECT) for case in part}
        assert parts == {case.pk for case in visible_cases(actor, SUBJECT)}
    assert {case.pk for case in visible_cases(world.staff["grid_worker"], SUBJECT)} == {
        cases[0],
        cases[2],
    }
