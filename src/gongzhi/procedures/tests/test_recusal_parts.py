"""Who stands aside from a case stands aside from its parts, those there were and those to come."""

from __future__ import annotations

from typing import Any

import pytest

from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import NotAllowed
from gongzhi.organisations import queries as organisations
from gongzhi.organisations.tests import support as small
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.models import Case, Recusal
from gongzhi.procedures.tests.support import GRID, World, desk, make, open_matter
from gongzhi.procedures.tests.test_whistle import kinds, parts, whistled

WHY: dict[str, Any] = {"reason": "accused", "words": "反映的就是他管的摊位"}


def second_post(world: World, actor: Actor) -> Actor:
    """Let somebody of the street speak for the first department as well."""
    account = actor.account or 0
    small.give(account, "department_liaison", organisation=world.departments[0])
    return organisations.actor_for(account)


def owners(case: int) -> list[str]:
    return [held.owner for held in queries.case_state(case, named=False).holdings]


def test_parts_opened_before_follow_and_their_work_finds_somebody_else(world: World) -> None:
    officer = second_post(world, world.staff["street_officer"])
    case = whistled(world)
    first, second, _third = parts(case)
    actions.recuse_oneself(actor=officer, case=case, **WHY)
    for part in parts(case):
        assert part.recused == (officer.account,)
        assert "recusal_inherited" in kinds(part.id)
        assert "recused" not in kinds(part.id)
    assert owners(second.id) == [f"org:{world.departments[1]}"]
    assert owners(first.id) == [f"org:{world.departments[0]}"]  # its other liaison goes on
    with pytest.raises(errors.NotYours):
        actions.move_case(actor=officer, case=first.id, move="arrive", data={"arrived": "我"})
    make(world, first.id, "arrive", arrived="王工")
    lines = [line.sentence for line in queries.timeline(queries.case_state(first.id))]
    assert "street_officer已回避相关事项，这里同样回避" in lines


def test_a_part_of_the_recused_alone_goes_to_the_superior(world: World) -> None:
    case = whistled(world)
    first = parts(case)[0]
    liaison = world.liaisons[world.departments[0]].account or 0
    small.give(liaison, "street_officer", small.STREET)
    told = {**WHY, "account": liaison}
    actions.order_recusal(actor=world.staff["street_secretary"], case=case, **told)
    (held,) = queries.case_state(first.id).holdings
    assert held.owner.startswith("district_clerk@")
    assert held.claimed_by is None


def test_parts_opened_after_follow_at_once(world: World) -> None:
    officer = second_post(world, world.staff["street_officer"])
    case = open_matter()
    for move in ("to_grid", "pass_up", "pass_up"):
        make(world, case, move)
    actions.recuse_oneself(actor=officer, case=case, **WHY)
    make(world, case, "whistle", summoned=world.departments, scene="三号楼北门")
    assert [one.recused for one in parts(case)] == [(officer.account,)] * 3
    row = queries.recusals_of(parts(case)[0])[0]
    assert (row.reason, row.inherited) == ("本人是被反映人", True)  # the whistle knows no such one


def test_a_part_is_left_alone_where_nothing_was_recused(world: World) -> None:
    case = whistled(world)
    assert [one.recused for one in parts(case)] == [()] * 3
    assert not Recusal.objects.exists()


def test_who_stands_aside_from_a_part_stays_with_the_whole(world: World) -> None:
    case = whistled(world)
    first = parts(case)[0]
    liaison = world.liaisons[world.departments[0]]
    told = {"reason": "interest", "words": "是我家的车"}
    actions.recuse_oneself(actor=liaison, case=first.id, **told)
    assert queries.case_state(case).recused == ()
    assert [one.recused for one in parts(case)[1:]] == [(), ()]


# --- taken back ----------------------------------------------------------------------------------
@pytest.fixture
def recused(world: World) -> int:
    """A case of the grid, which has two workers, one of whom stepped aside."""
    world.staff["colleague"] = small.staff("colleague", "grid_worker", GRID)
    case = open_matter(first_move="to_grid")
    told = {"reason": "interest", "words": "我家也开店"}
    actions.recuse_oneself(actor=world.staff["grid_worker"], case=case, **told)
    return case


def test_the_superior_takes_it_back_and_the_record_stays(world: World, recused: int) -> None:
    worker, superior = world.staff["grid_worker"], world.staff["street_secretary"]
    found = Recusal.objects.get()
    told: dict[str, Any] = {"case": recused, "recusal": found.pk, "words": "查明并无关系"}
    for actor in (worker, world.staff["colleague"]):
        with pytest.raises(NotAllowed):
            actions.take_back_recusal(actor=actor, **told)
    with pytest.raises(errors.AnswersInvalid):
        actions.take_back_recusal(actor=superior, **{**told, "words": " "})
    with pytest.raises(errors.RecusalUnknown):
        actions.take_back_recusal(actor=superior, **{**told, "recusal": found.pk + 1})
    revision = queries.case_state(recused).revision
    state = actions.take_back_recusal(actor=superior, **told)
    assert (state.recused, state.revision) == ((), revision + 1)
    with pytest.raises(errors.RecusalRefused):
        actions.take_back_recusal(actor=superior, **told)
    assert queries.recusals_of(state) == []
    (row,) = queries.every_recusal_of(state)
    assert row.taken_back_at is not None
    found.refresh_from_db()
    assert found.taken_back_by == superior.account
    assert found.taken_back_sealed
    assert "撤回grid_worker的回避" in [line.text for line in queries.timeline(state)]
    data = {"result": "solved", "answer": "已劝离"}
    actions.move_case(actor=worker, case=recused, move="answer", data=data)


def test_after_it_was_taken_back_the_same_person_may_be_recused_again(
    world: World, recused: int
) -> None:
    superior = world.staff["street_secretary"]
    found = Recusal.objects.get()
    actions.take_back_recusal(actor=superior, case=recused, recusal=found.pk, words="查明无关")
    told = {"reason": "relative", "words": "又查明是表亲"}
    account = world.staff["grid_worker"].account or 0
    actions.order_recusal(actor=superior, case=recused, account=account, **told)
    rows = queries.every_recusal_of(queries.case_state(recused))
    assert [one.taken_back_at is None for one in rows] == [False, True]


def test_what_followed_in_the_parts_is_taken_back_with_it_and_there_alone(world: World) -> None:
    officer = world.staff["street_officer"]
    superior = world.staff["street_secretary"]
    small.staff("second_officer", "street_officer", small.STREET)
    case = whistled(world)
    actions.recuse_oneself(actor=officer, case=case, **WHY)
    part = parts(case)[0]
    inherited = Recusal.objects.get(case_id=part.id)
    told: dict[str, Any] = {"words": "查明无关"}
    with pytest.raises(errors.RecusalRefused, match="所属事项"):
        actions.take_back_recusal(actor=superior, case=part.id, recusal=inherited.pk, **told)
    whole = Recusal.objects.get(case_id=case)
    actions.take_back_recusal(actor=superior, case=case, recusal=whole.pk, **told)
    assert [one.recused for one in parts(case)] == [()] * 3
    assert not Recusal.objects.filter(taken_back_at=None).exists()
    assert "recusal_taken_back" in kinds(part.id)


def test_own_reasons_in_a_part_outlast_those_of_the_whole(world: World) -> None:
    officer = second_post(world, world.staff["street_officer"])
    superior = world.staff["street_secretary"]
    case = whistled(world)
    first = parts(case)[0]
    own = {"reason": "interest", "words": "是我家的车"}
    actions.recuse_oneself(actor=officer, case=first.id, **own)
    actions.recuse_oneself(actor=officer, case=case, **WHY)
    mine = Recusal.objects.get(case_id=first.id)
    with pytest.raises(errors.RecusalRefused):
        actions.take_back_recusal(actor=superior, case=first.id, recusal=mine.pk, words="无关")
    whole = Recusal.objects.get(case_id=case)
    actions.take_back_recusal(actor=superior, case=case, recusal=whole.pk, words="无关")
    assert [one.recused for one in parts(case)] == [(officer.account,), (), ()]
    actions.take_back_recusal(actor=superior, case=first.id, recusal=mine.pk, words="无关")
    assert queries.case_state(first.id).recused == ()


def test_the_page_takes_it_back_for_the_superior_alone(world: World) -> None:
    case = open_matter(procedure="resolution-task", subject="procedures.task")
    where = f"/desk/cases/{queries.case_state(case).reference}/"
    secretary, superior = world.staff["community_secretary"], world.staff["street_secretary"]
    actions.recuse_oneself(
        actor=secretary, case=case, reason="interest", words="任务就是我家门口的路"
    )
    assert "撤回回避" not in desk(secretary).get(where).content.decode()
    page = desk(superior).get(where).content.decode()
    assert "撤回谁的回避" in page
    found = Recusal.objects.get()
    refused = desk(superior).post(
        f"{where}steps/take_back_recusal/", {"recusal": found.pk, "words": ""}
    )
    assert refused.status_code == 200
    sent = {"recusal": found.pk, "words": "查明无关，请他继续"}
    desk(superior).post(f"{where}steps/take_back_recusal/", sent)
    after = desk(superior).get(where).content.decode()
    assert "撤回community_secretary的回避" in after
    assert "撤回谁的回避" not in after
    assert "查明无关" not in after
    assert Case.objects.get(pk=case).recused == []


def test_no_word_of_a_recusal_lies_open(world: World, recused: int) -> None:
    found = Recusal.objects.get()
    assert "我家也开店".encode() not in bytes(found.words_sealed or b"")
    actions.forget_recusal_words(actor=SYSTEM, cases=[recused])
    found.refresh_from_db()
    assert found.words_sealed is None
