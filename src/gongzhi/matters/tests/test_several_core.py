"""One matter told by several: followed, merged, taken apart, split, judged by each."""

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
from gongzhi.matters.models import CoReporter, Matter, Reporter, Voice
from gongzhi.matters.tests.support import (
    GRID,
    OTHER_COMMUNITY,
    PHONE,
    report,
)
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.tests.support import World

LAMP = "3号楼前的路灯不亮了，晚上看不见"


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


def contact(**more: Any) -> Contact:
    return Contact(**{"name": "王强", "phone": "13900001111", **more})


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
    actions.set_reporter_terms(actor=SYSTEM, closed=[first.case], reopened=[])
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


def test_a_followers_words_are_no_verdict_of_whoever_reported(world: World) -> None:
    first = report(words=LAMP)
    joined = actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=contact())
    answer(first.reference, world)
    assert judge(first.reference, joined.secret, solved=False).stage == "review"
    own = queries.public_view(first.reference, first.secret)
    assert (own.solved, own.satisfaction) == ("", "")
    follower = queries.public_view(first.reference, joined.secret)
    assert (follower.solved, follower.satisfaction) == ("unsolved", "dissatisfied")
    assert facts_of("matters.verdict_given") == []
    assert facts_of("matters.voice_given")


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
    actions.set_reporter_terms(actor=SYSTEM, closed=[duplicate.case], reopened=[])
    assert Reporter.objects.get().keep_until is None
    answer(main.reference, world)
    judge(main.reference, main.secret, solved=True)
    actions.set_reporter_terms(actor=SYSTEM, closed=[main.case], reopened=[])
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
