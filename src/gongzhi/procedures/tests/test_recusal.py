"""回避: who steps aside, or is told to, never comes near the case again; another carries on."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import NotAllowed
from gongzhi.organisations.tests import support as small
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.models import Case, Recusal
from gongzhi.procedures.tests.support import COMMUNITY, GRID, World, desk, make, open_matter

WHY: dict[str, Any] = {"reason": "interest", "words": "反映的是我家开的店"}


@pytest.fixture
def case(world: World) -> int:
    """A case in the pool of the grid, which has a second worker."""
    world.staff["colleague"] = small.staff("colleague", "grid_worker", GRID)
    return open_matter(first_move="to_grid")


def item_of(case: int) -> queries.Holding:
    """Return the open lead item of a case."""
    return next(h for h in queries.case_state(case).holdings if h.part == "lead")


def in_inbox(actor: Actor) -> bool:
    """Whether anything lies in somebody's inbox; its count agrees."""
    found = queries.inbox(actor).items
    assert len(found) == queries.inbox_counts(actor).total
    return bool(found)


def test_what_was_claimed_goes_back_to_the_pool_and_never_to_the_same(
    world: World, case: int
) -> None:
    worker, colleague = world.staff["grid_worker"], world.staff["colleague"]
    actions.claim_item(actor=worker, item=item_of(case).id)
    assert not in_inbox(colleague)
    actions.recuse_oneself(actor=worker, case=case, **WHY)
    assert item_of(case).claimed_by is None
    assert not in_inbox(worker)
    assert in_inbox(colleague)
    with pytest.raises(NotAllowed):
        actions.claim_item(actor=worker, item=item_of(case).id)
    with pytest.raises(errors.AnswersInvalid):
        actions.assign_item(actor=colleague, item=item_of(case).id, account=worker.account or 0)
    with pytest.raises(errors.NotYours):
        actions.move_case(actor=worker, case=case, move="pass_up", data={"pass_reason": "说明"})
    with pytest.raises(NotAllowed):
        actions.recuse_oneself(actor=worker, case=case, **WHY)
    make_as(colleague, case, "answer", result="solved", answer="已劝离")


def make_as(actor: Actor, case: int, move: str, **data: Any) -> None:
    """Make a move as this person."""
    actions.move_case(actor=actor, case=case, move=move, data=data)


def test_the_last_holder_hands_over_to_whom_the_overdue_stage_reaches(world: World) -> None:
    case = open_matter(first_move="to_grid")
    actions.recuse_oneself(actor=world.staff["grid_worker"], case=case, **WHY)
    assert item_of(case).owner == f"community_secretary@{COMMUNITY}"
    secretary = world.staff["community_secretary"]
    assert in_inbox(secretary)
    make_as(secretary, case, "answer", result="solved", answer="已劝离")
    kinds = [fact.kind for fact in facts_of(case)]
    assert kinds.count("procedures.item_handed_over") == 1


def test_a_later_stage_of_the_recused_alone_is_the_superiors_too(world: World) -> None:
    case = open_matter(first_move="to_grid")
    secretary = world.staff["community_secretary"]
    actions.recuse_oneself(actor=world.staff["grid_worker"], case=case, **WHY)
    actions.recuse_oneself(actor=secretary, case=case, **WHY)
    assert item_of(case).owner.startswith("street_secretary@")
    superior = world.staff["street_secretary"]
    make_as(superior, case, "answer", result="solved", answer="已劝离")
    make(world, case, "verdict_unsolved", satisfaction="dissatisfied")
    assert item_of(case).owner.startswith("street_secretary@")  # of the review, the secretary's
    make_as(superior, case, "redo_grid", reason="再去看看")
    assert item_of(case).owner.startswith("street_secretary@")  # nobody below is left


def test_without_anybody_to_take_over_nobody_steps_aside(world: World) -> None:
    case = open_matter(first_move="to_grid")
    for who in ("grid_worker", "community_secretary"):
        actions.recuse_oneself(actor=world.staff[who], case=case, **WHY)
    with pytest.raises(errors.RecusalRefused):
        actions.recuse_oneself(actor=world.staff["street_secretary"], case=case, **WHY)
    assert Recusal.objects.count() == 2
    assert len(Case.objects.get(pk=case).recused) == 2


def test_the_superior_orders_it_of_who_stands_behind_the_case(world: World, case: int) -> None:
    worker, superior = world.staff["grid_worker"], world.staff["street_secretary"]
    told = {**WHY, "account": worker.account}
    with pytest.raises(NotAllowed):
        actions.order_recusal(actor=world.staff["colleague"], case=case, **told)
    stranger = world.staff["district_clerk"].account
    with pytest.raises(errors.AnswersInvalid):
        actions.order_recusal(actor=superior, case=case, **{**told, "account": stranger})
    with pytest.raises(errors.AnswersInvalid):
        actions.order_recusal(actor=superior, case=case, **{**told, "reason": "mood"})
    actions.order_recusal(actor=superior, case=case, **told)
    (row,) = queries.recusals_of(queries.case_state(case))
    assert (row.name, row.reason, row.ordered) == ("grid_worker", "与这件事有利害关系", True)
    lines = [line.text for line in queries.timeline(queries.case_state(case))]
    assert "责令grid_worker回避" in lines
    fact = next(f for f in facts_of(case) if f.kind == "procedures.recused")
    assert set(fact.data) == {"recusal", "account", "ordered"}


def test_the_page_offers_it_and_says_what_it_means(world: World, case: int) -> None:
    task = open_matter(procedure="resolution-task", subject="procedures.task")
    where = f"/desk/cases/{queries.case_state(task).reference}/"
    secretary = desk(world.staff["community_secretary"])
    assert "申请回避" in secretary.get(where).content.decode()
    secretary.post(f"{where}steps/recuse/", WHY)
    after = secretary.get(where).content.decode()
    assert "您已回避这件事项" in after
    assert WHY["words"] not in after
    assert "申请回避</summary>" not in after


def test_reading_who_is_recused_takes_two_statements(world: World, case: int) -> None:
    assert queries.recusals_of(queries.case_state(case)) == []
    for who in ("grid_worker", "colleague"):
        actions.recuse_oneself(actor=world.staff[who], case=case, **WHY)
        state = queries.case_state(case)
        with CaptureQueriesContext(connection) as asked:
            queries.recusals_of(state)
        assert len(asked) == 2
