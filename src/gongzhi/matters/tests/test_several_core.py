"""One matter told by several: found alike, followed, merged, taken apart, split, judged by each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock, held
from gongzhi.kernel.actor import ANONYMOUS, REPORTER, SYSTEM
from gongzhi.kernel.errors import NotAllowed
from gongzhi.matters import actions, queries
from gongzhi.matters.actions import Contact, NewPart
from gongzhi.matters.errors import (
    CannotMerge,
    CannotSplit,
    MatterUnknown,
    NotToFollow,
    SecretWrong,
    VerdictNotDue,
)
from gongzhi.matters.letters import pieces
from gongzhi.matters.models import CoReporter, Matter, Reporter, Voice
from gongzhi.matters.queries import Wanted
from gongzhi.matters.queries.similar import ALIKE, grids_around
from gongzhi.matters.tests.support import (
    GRID,
    OTHER_COMMUNITY,
    PHONE,
    POINT,
    report,
)
from gongzhi.procedures import queries as procedures
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


def facts_of(kind: str) -> list[FactRecord]:
    """Return the facts of a kind."""
    return list(FactRecord.objects.filter(kind=kind))


def answer(reference: str, world: World) -> None:
    """Let the grid's worker answer."""
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=reference,
        move="answer",
        data={"result": "solved", "answer": "已换灯泡"},
    )


def contact(**more: str) -> Contact:
    return Contact(**{"name": "王强", "phone": "13900001111", **more})


# --- alike ---------------------------------------------------------------------------------------
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
    assert queries.similar_in_public(near)[0].metres == pytest.approx(48, abs=3)


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


# --- following -----------------------------------------------------------------------------------
def test_whoever_follows_has_a_link_and_reads_no_words_of_the_first(world: World) -> None:
    first = report(words=LAMP, name="李秀英", phone=PHONE, place_text="秀英家门口")
    joined = actions.follow_matter(
        actor=ANONYMOUS, reference=first.reference, contact=contact(words="我家门口也黑")
    )
    view = queries.public_view(joined.reference, joined.secret)
    assert (view.following, view.reporters, view.words, view.place_text) == (True, 2, "", "")
    assert "路灯" not in view.title
    assert view.photos == ()
    assert view.timeline
    assert CoReporter.objects.get().words == "我家门口也黑"
    assert facts_of("matters.followed")
    own = queries.public_view(first.reference, first.secret)
    assert (own.following, own.reporters, own.words) == (False, 2, LAMP)
    with pytest.raises(SecretWrong):
        queries.public_view(report(words="别的事").reference, joined.secret)


def test_following_twice_with_one_key_is_one_follower(world: World) -> None:
    first = report(words=LAMP)
    given = contact(submit_key="k" * 64)
    one = actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=given)
    two = actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=given)
    assert (one.secret, two.again) == (two.secret, True)
    assert CoReporter.objects.count() == 1


def test_a_closed_matter_cannot_be_followed_and_staff_need_a_post(world: World) -> None:
    first = report(words=LAMP)
    given = contact(channel="phone")
    with pytest.raises(NotAllowed):
        actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=given)
    answer(first.reference, world)
    actions.give_verdict(
        actor=REPORTER,
        reference=first.reference,
        secret=first.secret,
        solved=True,
        satisfaction="satisfied",
    )
    with pytest.raises(NotToFollow):
        actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=contact())


def test_a_followers_contact_is_sealed_and_erased_and_the_number_stays(world: World) -> None:
    first = report(words=LAMP)
    actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=contact())
    kept = CoReporter.objects.get()
    assert b"13900001111" not in bytes(kept.phone_sealed or b"")
    actions.set_reporter_term(actor=SYSTEM, case=first.case, closed=True)
    with clock.travel_to(clock.now() + timedelta(days=800)):
        assert actions.erase_expired_reporters(actor=SYSTEM) == 1
    kept.refresh_from_db()
    assert (kept.name_sealed, kept.phone_sealed, kept.phone_index) == (None, None, None)
    assert queries.public_view(first.reference, first.secret).reporters == 2


# --- judging -------------------------------------------------------------------------------------
def judge(reference: str, secret: str, *, solved: bool) -> procedures.CaseState:
    return actions.give_verdict(
        actor=REPORTER,
        reference=reference,
        secret=secret,
        solved=solved,
        satisfaction="satisfied" if solved else "dissatisfied",
        words="我这边看",
    )


def test_a_followers_solved_closes_nothing_and_not_solved_comes_before_a_person(
    world: World,
) -> None:
    first = report(words=LAMP)
    links = [
        actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=contact())
        for _n in range(2)
    ]
    with pytest.raises(VerdictNotDue):
        judge(first.reference, links[0].secret, solved=True)
    answer(first.reference, world)
    assert judge(first.reference, links[0].secret, solved=True).stage == "feedback"
    with pytest.raises(VerdictNotDue):
        judge(first.reference, links[0].secret, solved=False)
    assert judge(first.reference, links[1].secret, solved=False).stage == "review"
    assert sorted(Voice.objects.values_list("solved", flat=True)) == ["solved", "unsolved"]


def test_after_the_end_each_of_the_others_is_heard_once(world: World) -> None:
    first = report(words=LAMP)
    joined = actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=contact())
    answer(first.reference, world)
    assert judge(first.reference, first.secret, solved=True).status == "closed"
    assert queries.public_view(first.reference, joined.secret).may_rate
    assert not queries.public_view(first.reference, first.secret).may_rate
    judge(first.reference, joined.secret, solved=False)
    assert not queries.public_view(first.reference, joined.secret).may_rate
    matter = queries.get_matter(world.staff["community_secretary"], first.reference)
    several = queries.several_of(world.staff["community_secretary"], matter)
    assert (several.reporters, several.solved, several.unsolved) == (2, 0, 1)


# --- merging -------------------------------------------------------------------------------------
@pytest.fixture
def two(world: World) -> tuple[Any, Any]:
    """Two reports of one lamp."""
    return report(words=LAMP), report(words="路灯坏了，晚上很黑", phone=PHONE)


def merge(world: World, one: Any, into: Any) -> procedures.CaseState:
    return actions.merge_matters(
        actor=world.staff["grid_worker"], reference=one.reference, main=into.reference
    )


def test_a_duplicates_reporter_reads_and_judges_the_case_that_goes_on(
    world: World, two: tuple[Any, Any]
) -> None:
    main, duplicate = two
    merge(world, duplicate, main)
    assert not procedures.case_state(duplicate.case).is_open
    view = queries.public_view(duplicate.reference, duplicate.secret)
    assert (view.merged, view.reporters, view.status.status) == (True, 2, "open")
    assert view.words == "路灯坏了，晚上很黑"
    assert view.status.reference == duplicate.reference
    assert queries.public_status(duplicate.reference).status == "open"
    digits = queries.public_progress(duplicate.reference, PHONE[-4:])
    assert digits.status.stage == "网格处理"
    answer(main.reference, world)
    assert "已换灯泡" in str(queries.public_view(duplicate.reference, duplicate.secret).timeline)
    assert judge(duplicate.reference, duplicate.secret, solved=True).outcome_kind == "solved"
    assert Voice.objects.get().duplicate_id == duplicate.matter


def test_a_duplicates_reporter_is_kept_as_long_as_the_case_goes_on(
    world: World, two: tuple[Any, Any]
) -> None:
    main, duplicate = two
    merge(world, duplicate, main)
    actions.set_reporter_term(actor=SYSTEM, case=duplicate.case, closed=True)
    assert Reporter.objects.get().keep_until is None
    answer(main.reference, world)
    judge(main.reference, main.secret, solved=True)
    actions.set_reporter_term(actor=SYSTEM, case=main.case, closed=True)
    assert Reporter.objects.get().keep_until is not None


def test_what_was_merged_before_goes_along(world: World, two: tuple[Any, Any]) -> None:
    main, duplicate = two
    third = report(words=LAMP)
    merge(world, third, duplicate)
    merge(world, duplicate, main)
    assert set(Matter.objects.filter(main=main.matter).values_list("pk", flat=True)) == {
        duplicate.matter,
        third.matter,
    }
    assert queries.public_view(third.reference, third.secret).reporters == 3


def test_taking_out_again_opens_the_case_where_it_was(world: World, two: tuple[Any, Any]) -> None:
    main, duplicate = two
    merge(world, duplicate, main)
    worker = world.staff["grid_worker"]
    state = actions.split_off(actor=worker, reference=duplicate.reference)
    assert (state.status, state.stage) == ("open", "grid")
    view = queries.public_view(duplicate.reference, duplicate.secret)
    assert (view.merged, view.reporters) == (False, 1)
    with pytest.raises(CannotMerge):
        actions.split_off(actor=worker, reference=duplicate.reference)
    assert facts_of("matters.merged")
    assert facts_of("matters.split_off")


def test_what_cannot_be_merged_is_refused(world: World, two: tuple[Any, Any]) -> None:
    main, duplicate = two
    with pytest.raises(CannotMerge):
        merge(world, main, main)
    far = report(words=LAMP, area=OTHER_COMMUNITY)
    worker = world.staff["grid_worker"]
    with pytest.raises(MatterUnknown):
        actions.merge_matters(actor=worker, reference=main.reference, main=far.reference)
    with pytest.raises(MatterUnknown):
        actions.merge_matters(actor=ANONYMOUS, reference=main.reference, main=far.reference)
    merge(world, duplicate, main)
    with pytest.raises(CannotMerge):
        merge(world, main, duplicate)


# --- splitting -----------------------------------------------------------------------------------
def test_parts_are_matters_of_their_own_that_the_same_link_opens(world: World) -> None:
    whole = report(words="路灯不亮，还有垃圾没人清", name="李秀英", phone=PHONE)
    done = actions.divide_matter(
        actor=world.staff["grid_worker"],
        reference=whole.reference,
        parts=[NewPart(words="垃圾没人清", category="sanitation-rubbish")],
    )
    part = Matter.objects.get(pk=done[0].matter)
    assert part.whole_id == whole.matter
    assert part.case.area == GRID
    view = queries.public_view(done[0].reference, whole.secret)
    assert view.words == "垃圾没人清"
    assert [one.reference for one in queries.public_view(whole.reference, whole.secret).parts] == [
        done[0].reference
    ]
    assert queries.public_progress(done[0].reference, PHONE[-4:])
    assert Reporter.objects.count() == 2
    with pytest.raises(CannotSplit):
        actions.divide_matter(actor=world.staff["grid_worker"], reference=whole.reference, parts=[])
    with pytest.raises(MatterUnknown):
        actions.divide_matter(
            actor=world.staff["other_secretary"],
            reference=whole.reference,
            parts=[NewPart(words="x")],
        )


def test_several_takes_bounded_statements(world: World) -> None:
    secretary = world.staff["community_secretary"]
    main = report(words=LAMP)

    def statements() -> int:
        matter = queries.get_matter(secretary, main.reference)
        held.forget_all()
        with CaptureQueriesContext(connection) as seen:
            queries.several_of(secretary, matter)
        return len(seen)

    for _n in range(2):
        duplicate = report(words=LAMP)
        actions.merge_matters(actor=secretary, reference=duplicate.reference, main=main.reference)
        report(words=LAMP)
        if _n == 0:
            one = statements()
    assert statements() == one
