"""The pages of figures: scope, small cells, shares, drill-down, cost, the API and Excel."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from hypothesis import given as drawn
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gongzhi.indicators import queries
from gongzhi.indicators.errors import PlaceOutOfReach
from gongzhi.indicators.queries import Figure, View, period_of, round_to_whole, view_for
from gongzhi.indicators.tests import support as given
from gongzhi.indicators.tests.support import COMMUNITY, DISTRICT, GRID, STREET
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.held import forget_all
from gongzhi.matters import queries as matters
from gongzhi.matters.pages.lists import filters_of
from gongzhi.matters.tests.support import Caller
from gongzhi.organisations.tests import support as small
from gongzhi.people.models import Account
from gongzhi.procedures.tests.support import World


def seen(world: World, role: str = "district_clerk", area: str = "", **more: Any) -> View:
    """Return what a person in this role sees in the week of the tests, two days on."""
    given.catch_up()
    with given.at(2):
        return view_for(world.staff[role], area, period_of("week"), **more)


def worth(view: View, name: str) -> Figure:
    """Return one figure of a view."""
    return next(one for one in (*view.top, *view.beside, *view.left_out) if one.id == name)


def a_week(world: World) -> None:
    """Everything that a figure tells apart, at least once."""
    for _time in range(5):
        given.solved(world)
    late = given.report(-8, category="noise")
    given.answer(world, late, 0.5)
    given.rate(world, late, 0.6, "dissatisfied")
    given.report(-3)
    given.report(-20, category="noise")
    given.report(0, area=COMMUNITY)
    passed = given.report(0)
    given.move(world.staff["grid_worker"], passed, "pass_up", 0.1, pass_reason="要社区办")
    given.answer(world, passed, 0.2, "community_worker")
    given.rate(world, passed, 0.3)
    dispatched = given.report(0)
    given.move(world.staff["grid_worker"], dispatched, "pass_up", 0.1, pass_reason="要部门")
    given.move(world.staff["community_worker"], dispatched, "pass_up", 0.2, pass_reason="要部门")
    given.move(
        world.staff["street_officer"], dispatched, "dispatch", 0.3,
        lead_organisation=world.departments[0], instruction="请办",
    )  # fmt: skip
    declined = given.report(0)
    given.move(world.staff["grid_worker"], declined, "pass_up", 0.1, pass_reason="信访")
    worker = world.staff["community_worker"]
    given.move(worker, declined, "decline", 0.2, decline_reason="petition", reason="已受理")


def listed(actor: Actor, narrowing: dict[str, str]) -> int:
    """Return how many matters the list behind a number holds, asked as the browser asks."""
    request = RequestFactory().get("/desk/matters/?" + urlencode(narrowing))
    return matters.counts(actor, filters_of(request)).total


def test_every_number_is_as_large_as_its_list(world: World) -> None:
    a_week(world)
    clerk = world.staff["district_clerk"]
    view = seen(world)
    lines = [line.figures for line in (*view.areas, *view.categories, *view.organisations)]
    checked = 0
    with given.at(2):
        for one in (*view.top, *view.beside, *view.left_out, *(f for line in lines for f in line)):
            if one.unit == "count" and one.list:
                assert listed(clerk, one.list) == one.value, (one.id, one.list)
                checked += bool(one.value)
        for part in (*view.parts, *view.ages):
            assert listed(clerk, part.list) == part.n, part
            checked += bool(part.n)
        # Of a share the list holds what is counted above the line.
        for name, measure in (
            ("on_time", "closed_in_time"),
            ("response", "responded_in_time"),
            ("solved", "verdicts_solved"),
            ("satisfied", "verdicts_satisfied"),
        ):
            assert worth(view, name).list
            of_week = given.tally_of_week(measure)
            assert listed(clerk, worth(view, name).list) == of_week > 0, name
    assert checked >= 15


@pytest.mark.requirement("001-39")
def test_the_levels_of_closure_add_up_to_a_hundred(world: World) -> None:
    a_week(world)
    view = seen(world)
    by_name = {part.name: part for part in view.parts}
    assert by_name["网格"].n == 6
    assert by_name["社区"].n == 1
    assert sum(part.n for part in view.parts) == worth(view, "closed").value == 7
    assert round(sum(part.share for part in view.parts), 6) == 100.0


@drawn(st.lists(st.integers(0, 10_000), min_size=1, max_size=8))
def test_rounded_shares_add_up(counts: list[int]) -> None:
    shares = round_to_whole(counts)
    assert round(sum(shares), 6) == (100.0 if sum(counts) else 0.0)
    assert all(share >= 0 for share in shares)


def test_verdicts_of_few_are_not_shown(world: World) -> None:
    for _time in range(4):
        given.solved(world)
    assert worth(seen(world), "solved").hidden
    assert worth(seen(world), "solved").value is None
    assert worth(seen(world), "solved").shown == "少于5件，不显示"
    given.solved(world)
    assert worth(seen(world), "solved").value == 1.0
    assert worth(seen(world), "solved").n == 5


def test_an_area_is_seen_by_those_whose_posts_cover_it(world: World) -> None:
    given.solved(world)
    given.catch_up()
    assert seen(world, "district_clerk").area.code == DISTRICT
    assert seen(world, "street_officer").area.code == STREET
    assert seen(world, "community_secretary").area.code == COMMUNITY
    assert seen(world, "community_secretary", GRID).area.code == GRID
    for role, area in (("community_secretary", STREET), ("street_officer", "320602002")):
        with pytest.raises(PlaceOutOfReach):
            seen(world, role, area)
    with pytest.raises(PlaceOutOfReach):
        seen(world, "grid_worker", GRID)
    with pytest.raises(PlaceOutOfReach):
        seen(world, "district_clerk", GRID + "001")  # a building


def test_the_week_is_compared_with_the_same_days_of_the_one_before(world: World) -> None:
    given.report(0)
    given.report(-7)  # last Wednesday
    given.report(-7)
    given.report(-3)  # last Sunday: later in the week than today
    received = worth(seen(world), "received")
    with given.at(0):
        early = worth(view_for(world.staff["district_clerk"], "", period_of("week")), "received")
    assert (received.value, early.before) == (1, 2)
    assert received.before == 2  # two days on it is Friday
    assert early.trend[-2:] == (3, 1)


def test_the_top_says_what_the_page_says(world: World) -> None:
    a_week(world)
    assert seen(world).sentence.startswith("本周收到 9 件，办结 7 件，按时 85.7%")


def _open(world: World, role: str, path: str, days: float = 2, **query: str) -> Any:
    client = Client()
    client.force_login(Account.objects.get(pk=world.staff[role].account or 0))
    session = client.session
    session["second_factor"] = True
    session.save()
    with given.at(days):
        return client.get(path, query)


def test_the_page_links_each_number_to_its_list(world: World) -> None:
    a_week(world)
    given.catch_up()
    page = _open(world, "district_clerk", "/desk/figures/").content.decode()
    assert "本周收到 9 件" in page
    assert "received_from=2026-03-02&amp;received_to=2026-03-06" in page
    assert "部门0" in page
    assert _open(world, "grid_worker", "/desk/figures/").status_code == 403
    assert _open(world, "community_secretary", f"/desk/figures/{STREET}/").status_code == 404
    assert _open(world, "district_clerk", f"/desk/figures/{GRID}/").status_code == 200


@pytest.mark.parametrize("table", ["numbers", "trend", "levels", "ages", "areas", "categories"])
def test_every_table_comes_as_excel(world: World, table: str) -> None:
    a_week(world)
    given.catch_up()
    answer = _open(world, "district_clerk", f"/desk/figures/{DISTRICT}/{table}.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(rows.get_sheet_by_index(0).to_python()) > 1


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(
    ("part", "most"),
    [("", 4), (queries.AREAS, 6), (queries.CATEGORIES, 7), (queries.ORGANISATIONS, 6)],
)
def test_what_is_not_asked_for_is_not_reckoned(
    world: World, part: str, most: int, times: int
) -> None:
    for _time in range(times):
        a_week(world)
    whole = seen(world)
    forget_all()
    with given.at(2), CaptureQueriesContext(connection) as asked:
        clerk, wanted = world.staff["district_clerk"], (part,) if part else ()
        view = view_for(clerk, "", period_of("week"), wanted=wanted)
    assert len(asked) <= most, [one["sql"][:80] for one in asked]
    assert [(one.id, one.value) for one in view.top] == [(one.id, one.value) for one in whole.top]
    assert view.parts == whole.parts
    for name in (queries.AREAS, queries.CATEGORIES, queries.ORGANISATIONS):
        assert getattr(whole, name)
        assert getattr(view, name) == (getattr(whole, name) if name == part else ())


@pytest.mark.parametrize("times", [1, 3])
def test_a_page_takes_the_same_few_statements_for_any_number_of_matters(
    world: World, times: int
) -> None:
    for _time in range(times):
        a_week(world)
    given.catch_up()
    forget_all()
    with (
        given.at(2),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        view_for(world.staff["district_clerk"], "", period_of("week"))
    assert len(asked) <= 14, [one["sql"][:80] for one in asked]


def test_the_api_gives_figures_by_dimension(world: World) -> None:
    a_week(world)
    given.catch_up()
    with given.at(2):
        caller = Caller(world.staff["district_clerk"], "figures.see")
        answer = caller.get("/figures", by="category", period="week")
        assert answer.status_code == 200, answer.content
        told = json.loads(answer.content)
        refused = Caller(world.staff["community_secretary"], "figures.see")
        assert refused.get("/figures", area=STREET).status_code == 404
        assert Caller(None).get("/figures").status_code == 401
    assert {one["key"] for one in told["by"]} == {"parking", "noise"}
    assert next(one for one in told["figures"] if one["id"] == "received")["value"] == 9


def _burden(world: World, role: str = "district_clerk") -> dict[str, queries.RoleBurden]:
    with given.at(2):
        place = queries.place_for(world.staff[role])
        return {one.role: one for one in queries.burden(place, period_of("week"))}


def _more_workers() -> None:
    for number in range(4):
        small.staff(f"more-{number}", "grid_worker", GRID)


def test_burden_tells_nothing_of_what_few_people_do(world: World) -> None:
    """The hours of a role with one holder are the hours of a person."""
    a_week(world)
    given.catch_up()
    assert _burden(world) == {}
    _more_workers()
    assert set(_burden(world)) == {"grid_worker"}
    assert set(_burden(world, "street_officer")) == {"grid_worker"}


def test_burden_is_told_of_streets_and_above_alone(world: World) -> None:
    """It is counted by street: under the name of a community stood the burden of its street."""
    with pytest.raises(PlaceOutOfReach):
        _burden(world, "community_secretary")
    address = "/desk/figures/burden/"
    assert _open(world, "community_secretary", address).status_code == 404
    assert _open(world, "district_clerk", address, area=COMMUNITY).status_code == 404
    assert _open(world, "district_clerk", address, area=STREET).status_code == 200
    assert address not in _open(world, "community_secretary", "/desk/figures/").content.decode()
    assert address in _open(world, "street_officer", "/desk/figures/").content.decode()


def test_burden_counts_forms_and_fields_by_role(world: World) -> None:
    _more_workers()
    a_week(world)
    given.catch_up()
    found = _burden(world)
    answers = next(one for one in found["grid_worker"].asked if one.move == "办好答复")
    assert (answers.times, answers.fields, answers.needed) == (6, 3, 2)
    assert found["grid_worker"].hours > 0
    page = _open(world, "district_clerk", "/desk/figures/burden/").content.decode()
    assert "网格员" in page
    assert "办好答复" in page


def test_residents_read_the_month_without_small_numbers(world: World) -> None:
    a_week(world)
    given.catch_up()
    with given.at(2):
        page = Client().get("/figures/").content.decode()
        assert "收到" in page
        assert "少于5件，不显示" in page  # the other street
        assert Client().get(f"/figures/{COMMUNITY}/").status_code == 200
        assert Client().get(f"/figures/{GRID}/").status_code == 404
        assert Client().get("/figures/99/").status_code == 404


def _read(path: str, days: float = 2) -> str:
    with given.at(days):
        answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_place_with_few_matters_is_not_told_on_its_own_page_either(world: World) -> None:
    for _time in range(4):
        given.solved(world)
    given.catch_up()
    page = _read(f"/figures/{COMMUNITY}/")
    assert "收到少于 5 件" in page
    assert "收到 4 件" not in page
    assert "<strong>4</strong>" not in page
    given.solved(world)
    given.catch_up()
    assert "收到 5 件，办结 5 件" in _read(f"/figures/{COMMUNITY}/")


def test_the_change_does_not_tell_the_small_number_before(world: World) -> None:
    """Six in March, four more than in February, is two in February."""
    for _time in range(2):
        given.report(-30)
    for _time in range(6):
        given.report(0)
    given.catch_up()
    assert "＋" not in _read(f"/figures/{COMMUNITY}/")
    for _time in range(3):
        given.report(-30)
    given.catch_up()
    assert "＋1" in _read(f"/figures/{COMMUNITY}/")


def test_what_is_no_code_is_no_place(world: World) -> None:
    """A zero byte behind the code of a district reached the database."""
    browser = Client(raise_request_exception=False)
    for code in ("%00", "x", "１２３"):
        assert browser.get(f"/figures/{DISTRICT}{code}/").status_code == 404
        answer = _open(world, "district_clerk", f"/desk/figures/{DISTRICT}{code}/")
        assert answer.status_code == 404
        table = _open(world, "district_clerk", f"/desk/figures/{DISTRICT}{code}/areas.xlsx")
        assert table.status_code == 404
    strange = _open(world, "district_clerk", "/desk/figures/", category="noise\x00", at="\x00")
    assert strange.status_code < 500


def test_the_list_says_what_it_is_narrowed_to(world: World) -> None:
    a_week(world)
    view = seen(world)
    address = "/desk/matters/?" + urlencode(worth(view, "on_time").list)
    assert parse_qs(urlsplit(address).query)["late"] == ["0"]
    page = _open(world, "district_clerk", address).content.decode()
    assert "每步都按时；办结 2026-03-02—2026-03-06" in page
    wrong = _open(world, "district_clerk", "/desk/matters/", received_from="gestern")
    assert wrong.status_code == 422
