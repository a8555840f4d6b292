"""A link answered twice, and answered while its question is taken back, at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.actions import Asked, NewQuestion
from gongzhi.procedures.models import Question
from gongzhi.procedures.tests.racing import together
from gongzhi.procedures.tests.support import World, build_world, open_matter

HOLD_QUESTION = "SELECT 1 FROM procedures_question WHERE id = %s FOR UPDATE"


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """The small district, committed, so that every connection sees it."""
    queries.forget_versions()
    yield build_world()
    queries.forget_versions()


@pytest.fixture
def asked(world: World) -> Asked:
    """What the grid worker asked a company."""
    case = open_matter(first_move="to_grid")
    question = NewQuestion(words="在哪一栋", named="光明物业", key="a" * 32)
    return actions.ask_outside(actor=world.staff["grid_worker"], case=case, asked=question)


def answer(asked: Asked, words: str) -> None:
    """Answer through the link."""
    actions.answer_question(actor=ANONYMOUS, secret=asked.secret, words=words)


def test_of_two_answers_at_once_one_counts(asked: Asked) -> None:
    """Seen failing (both taken, the second over the first) when the link is looked up first and

    then answered, and when the condition stands in a sub-select, as a join to the case makes it.
    """
    calls = [lambda: answer(asked, "一号楼"), lambda: answer(asked, "二号楼")]
    results = together(calls, HOLD_QUESTION, [asked.question], waiters=2)
    assert [type(one) for one in results].count(errors.LinkDead) == 1, results
    found = Question.objects.get(pk=asked.question)
    told = [fact for fact in facts_of(found.case_id) if fact.kind == "procedures.question_answered"]
    assert len(told) == 1


def test_a_question_is_answered_or_taken_back_never_both(world: World, asked: Asked) -> None:
    """Seen failing (IntegrityError of procedures_question_one_end) without the condition of the

    later of both updates that the question is still open.
    """
    worker = world.staff["grid_worker"]

    def withdraw() -> None:
        actions.withdraw_question(actor=worker, question=asked.question)

    calls = [withdraw, lambda: answer(asked, "一号楼")]
    results = together(calls, HOLD_QUESTION, [asked.question], waiters=2)
    refused = [one for one in results if isinstance(one, errors.LinkDead | errors.QuestionRefused)]
    assert len(refused) == 1, results
    found = Question.objects.get(pk=asked.question)
    assert (found.answered_at is None) != (found.withdrawn_at is None)
