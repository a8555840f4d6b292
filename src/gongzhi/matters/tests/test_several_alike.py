"""What is found alike before a matter is told twice: by whom, where, and how little is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import clock, held
from gongzhi.kernel.actor import ANONYMOUS, REPORTER
from gongzhi.matters import actions, queries
from gongzhi.matters.letters import pieces
from gongzhi.matters.queries import Wanted
from gongzhi.matters.queries.similar import ALIKE, grids_around
from gongzhi.matters.tests.support import GRID, OTHER_COMMUNITY, PHONE, POINT, report
from gongzhi.procedures.tests.support import World

LAMP = "3号楼前的路灯不亮了，晚上看不见"
SAME = (
    (LAMP, "路灯坏了，晚上很黑"),
    ("门口路灯不亮", "小区东门口的路灯已经一个星期不亮了，老人晚上出门不安全"),
    ("灯坏了", "3号楼门前路灯坏了好几天"),
    ("消防通道被车堵了", "3号楼北侧消防通道每天晚上停满车，救护车进不来。希望划线。"),
    ("垃圾桶满了没人清", "垃圾清运不及时，垃圾桶一直满着，很臭"),
    ("楼上装修每天敲墙", "12栋装修敲墙噪音，中午也不停"),
    ("下水道堵了污水外溢", "小区西侧污水井往外冒水，下水道堵了"),
    ("有人遛狗不牵绳", "邻居遛大狗从来不牵绳子，小孩害怕"),
)
OTHER = (
    (LAMP, "3号楼北侧消防通道每天晚上停满车，救护车进不来。希望划线。"),
    ("小区门口有人摆摊占道", "小区门口路灯不亮"),
    ("楼上漏水", "楼上装修噪音大"),
    ("我家楼下井盖坏了", "我家楼下路灯坏了"),
)


def answer(reference: str, world: World) -> None:
    """Let the grid's worker answer."""
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=reference,
        move="answer",
        data={"result": "solved", "answer": "已换灯泡"},
    )


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_matter_in_other_words_is_offered(world: World, first: str, second: str) -> None:
    kind = queries.suggest(first) or queries.suggest(second)
    report(words=second, category=kind)
    assert queries.similar_in_public(Wanted(first, kind, GRID))


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_another_matter_at_the_same_place_is_not(world: World, first: str, second: str) -> None:
    report(words=second, category=queries.suggest(second))
    assert not queries.similar_in_public(Wanted(first, queries.suggest(first), GRID))


def test_residents_read_kind_community_stage_and_day_and_no_words(world: World) -> None:
    found = report(words=LAMP, category="lighting-street", name="李秀英", phone=PHONE)
    told = queries.similar_in_public(Wanted("路灯不亮", "", GRID))
    assert [one.reference for one in told] == [found.reference]
    one = told[0]
    assert (one.title, one.category_name, one.community) == ("", "路灯不亮", "一社区")
    assert one.stage == "网格处理"
    assert LAMP not in str(one)
    assert PHONE not in str(one)


def test_another_community_is_not_near(world: World) -> None:
    report(words=LAMP, area=OTHER_COMMUNITY)
    assert not queries.similar_in_public(Wanted(LAMP, "", GRID))
    assert queries.similar_in_public(Wanted(LAMP, "", OTHER_COMMUNITY))


def test_a_point_looks_into_the_grids_around(world: World) -> None:
    assert grids_around(Wanted(LAMP, lon=POINT[0], lat=POINT[1])) == [GRID]
    assert grids_around(Wanted(LAMP, lon=100.0, lat=10.0)) == []
    report(words=LAMP, area="", lon=POINT[0], lat=POINT[1])
    near = Wanted(LAMP, lon=POINT[0] + 0.0005, lat=POINT[1])
    found = queries.similar_to(world.staff["grid_worker"], near)
    assert found[0].metres == pytest.approx(48, abs=3)


def test_a_point_tells_residents_nothing_nearer_than_the_grid(world: World) -> None:
    """Else metres, or what comes first, would point at the house of whoever reported."""
    near = report(words=LAMP, area="", lon=POINT[0], lat=POINT[1])
    far = report(words=LAMP, area="", lon=POINT[0] + 0.02, lat=POINT[1])
    seen = []
    for lon in (POINT[0], POINT[0] + 0.002, POINT[0] + 0.01, POINT[0] + 0.02):
        found = queries.similar_in_public(Wanted(LAMP, lon=lon, lat=POINT[1]))
        assert {one.metres for one in found} == {None}
        seen.append([(one.reference, one.score) for one in found])
    assert {reference for reference, _score in seen[0]} == {near.reference, far.reference}
    assert all(one == seen[0] for one in seen)


def test_lately_answered_matters_are_offered_for_a_time(world: World) -> None:
    found = report(words=LAMP)
    answer(found.reference, world)
    actions.give_verdict(
        actor=REPORTER,
        reference=found.reference,
        secret=found.secret,
        solved=True,
        satisfaction="satisfied",
    )
    assert [o.status for o in queries.similar_in_public(Wanted(LAMP, "", GRID))] == ["closed"]
    with clock.travel_to(clock.now() + timedelta(days=15)):
        assert not queries.similar_in_public(Wanted(LAMP, "", GRID))


def test_staff_find_alike_only_in_their_reach(world: World) -> None:
    report(words=LAMP)
    wanted = Wanted(LAMP, "", GRID)
    assert queries.similar_to(world.staff["grid_worker"], wanted)[0].title
    assert not queries.similar_to(world.staff["other_secretary"], wanted)
    assert not queries.similar_to(ANONYMOUS, wanted)


@pytest.mark.parametrize("words", ["", "。。。", "的了是", "\x00", "a" * 3000, "路" * 3000])
def test_odd_words_find_nothing_and_break_nothing(world: World, words: str) -> None:
    report(words=LAMP)
    assert not queries.similar_in_public(Wanted(words, "nonsense", GRID))


@pytest.mark.parametrize(
    "odd",
    [
        {"area": "\x00"},
        {"area": "甲"},
        {"lon": 1e308, "lat": -1e308},
        {"lon": float("nan"), "lat": float("inf")},
        {"lon": 180.0, "lat": 90.0},
        {"lon": 120.5},
    ],
)
def test_odd_places_break_nothing(world: World, odd: dict[str, Any]) -> None:
    report(words=LAMP, area="", lon=POINT[0], lat=POINT[1])
    assert not queries.similar_in_public(Wanted(LAMP, **odd))


def test_the_look_takes_the_same_statements_for_many(world: World) -> None:
    def statements() -> int:
        held.forget_all()
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert queries.similar_in_public(Wanted(LAMP, "", GRID))
        return len(seen)

    report(words=LAMP)
    one = statements()
    for _n in range(2):
        report(words=LAMP)
    assert statements() == one


def test_common_letters_of_a_place_count_for_nothing() -> None:
    assert set(pieces("小区门口3号楼前")) == {"3"}
    assert ALIKE > 0
