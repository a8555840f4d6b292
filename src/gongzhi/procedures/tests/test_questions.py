"""Questions through links: who asks, what the link shows, one answer, an end in time."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS, REPORTER
from gongzhi.kernel.errors import NotAllowed
from gongzhi.kernel.held import forget_all
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.actions import Asked, NewQuestion
from gongzhi.procedures.models import Question
from gongzhi.procedures.tests.support import MOMENT, World, days, desk, make, open_matter

WORDS = "路灯的灯杆上写着哪一个编号"


def ask(world: World, case: int, *, who: str = "grid_worker", **more: Any) -> Asked:
    """Let the grid worker ask somebody outside."""
    given: dict[str, Any] = {"words": WORDS, "named": "光明物业", "key": secrets.token_hex(16)}
    asked = NewQuestion(**{**given, **more})
    return actions.ask_outside(actor=world.staff[who], case=case, asked=asked)


def link(asked: Asked) -> str:
    """Return the address of a question."""
    return reverse("procedures:question", args=[asked.secret])


def page(answer: Any) -> str:
    """Return an answer's text."""
    return str(answer.content.decode())


@pytest.fixture
def case(world: World) -> int:
    """A case that the grid holds."""
    return open_matter(first_move="to_grid")


def test_who_holds_the_case_asks_and_nobody_else(world: World, case: int) -> None:
    with pytest.raises(NotAllowed):
        ask(world, case, who="street_officer")
    with pytest.raises(errors.CaseUnknown):
        _ask_as_department(world, case)
    ask(world, case)
    make(world, case, "answer")
    make(world, case, "verdict_solved")
    with pytest.raises(NotAllowed):
        ask(world, case)


def _ask_as_department(world: World, case: int) -> None:
    asked = NewQuestion(words=WORDS, named="光明物业", key=secrets.token_hex(16))
    actions.ask_outside(actor=world.liaisons[world.departments[0]], case=case, asked=asked)


def test_the_link_shows_only_what_is_asked_and_takes_one_answer(world: World, case: int) -> None:
    asked = ask(world, case)
    shown = Client().get(link(asked))
    text = page(shown)
    assert shown["X-Robots-Tag"] == "noindex, nofollow"
    assert WORDS in text
    assert queries.case_state(case).reference in text
    assert "反映问题" in text  # the public name of the procedure
    for hidden in ("测试", "光明物业", "grid_worker", "网格员"):
        assert hidden not in text
    sent = Client().post(link(asked), {"words": "灯杆上写的是 LD-204"})
    assert sent.status_code == 302
    assert "已收到您的回答" in page(Client().get(sent["Location"]))
    again = Client().post(link(asked), {"words": "改一下"})
    assert again.status_code == 404
    assert "改一下" in page(again)  # what was typed can be taken elsewhere
    assert Question.objects.get().answer == "灯杆上写的是 LD-204"
    assert [f.actor_kind for f in facts_of(case) if f.kind == "procedures.question_answered"] == [
        "anonymous"
    ]


def test_links_that_are_over_or_never_were_answer_alike(world: World, case: int) -> None:
    with clock.travel_to(MOMENT):
        over, used, taken = ask(world, case), ask(world, case), ask(world, case)
        actions.answer_question(actor=ANONYMOUS, secret=used.secret, words="在三号楼")
        actions.withdraw_question(actor=world.staff["grid_worker"], question=taken.question)
    dead = [link(over), link(used), link(taken), reverse("procedures:question", args=["x" * 43])]
    answers = [Client().get(address) for address in dead]
    assert {one.status_code for one in answers} == {404}
    shown = {page(one).split("<main")[1].split("</main>")[0] for one in answers}
    assert len(shown) == 1  # around it stands the address that was opened
    with pytest.raises(errors.LinkDead):
        actions.answer_question(actor=ANONYMOUS, secret=over.secret, words="来晚了")


def test_the_time_is_the_procedures_and_can_be_extended_within_its_longest(
    world: World, case: int
) -> None:
    worker = world.staff["grid_worker"]
    with clock.travel_to(MOMENT):
        asked = ask(world, case)
        assert asked.expires_at - MOMENT == days(7)
        with pytest.raises(errors.QuestionRefused):
            actions.extend_question(actor=worker, question=asked.question)
    with clock.travel_to(MOMENT + days(8)):  # the link that is over lives again
        with pytest.raises(NotAllowed):
            actions.extend_question(actor=world.staff["street_officer"], question=asked.question)
        actions.extend_question(actor=worker, question=asked.question)
        actions.answer_question(actor=ANONYMOUS, secret=asked.secret, words="在三号楼")
    assert Question.objects.get().expires_at == MOMENT + days(15)
    with pytest.raises(errors.QuestionRefused):
        actions.withdraw_question(actor=worker, question=asked.question)


def test_a_question_stops_no_clock(world: World, case: int) -> None:
    before = queries.case_state(case)
    asked = ask(world, case)
    actions.answer_question(actor=ANONYMOUS, secret=asked.secret, words="在三号楼")
    after = queries.case_state(case)
    assert (after.due_at, after.paused_at, after.revision) == (before.due_at, None, before.revision)


def test_facts_hold_ids_only_and_staff_read_what_was_said(world: World, case: int) -> None:
    asked = ask(world, case, to_reporter=True, named="")
    actions.answer_question(actor=REPORTER, secret=asked.secret, words="在三号楼")
    told = [f for f in facts_of(case) if "question" in f.kind]
    assert [set(f.data) for f in told] == [
        {"question", "to_reporter", "expires_at"},
        {"question", "to_reporter"},
    ]
    lines = [line.sentence for line in queries.timeline(queries.case_state(case))]
    assert any("向反映人提问" in line for line in lines)
    assert "反映人 回答了提问" in lines
    public = queries.public_timeline(queries.case_state(case))
    assert not any("提问" in line.text for line in public)


def test_staff_ask_on_the_page_of_the_case_and_see_the_link_once(world: World, case: int) -> None:
    browser = desk(world.staff["street_officer"])
    task = open_matter(procedure="resolution-task", subject="procedures.task")
    reference = queries.case_state(task).reference
    where = f"/desk/cases/{reference}/"
    holder = desk(world.holder(queries.case_state(task).holdings[0].owner))
    form = page(holder.get(where))
    assert "提问" in form
    assert "反映人" not in form.split('id="step-ask"')[1].split("</details>")[0]
    given = {"to": "outside", "named": "光明物业", "words": WORDS, "key": "a" * 32}
    made = page(holder.post(f"{where}steps/ask/", given))
    again = page(holder.post(f"{where}steps/ask/", given))  # pressed twice
    question = Question.objects.get()
    address = reverse("procedures:question", args=[_secret(question)])
    assert address in made
    assert address in again
    assert address not in page(holder.get(where))
    assert "等回答" in page(holder.get(where))
    assert "撤回" not in page(browser.get(where)).split('id="questions"')[-1].split("</section>")[0]
    manage = reverse("procedures:manage_question", args=[question.pk, "withdraw"])
    holder.post(manage, {"reference": reference})
    assert "已撤回" in page(holder.get(where))


def _secret(question: Question) -> str:
    return queries.secret_of_question(question.pk)


def test_without_a_name_nobody_outside_is_asked(world: World) -> None:
    task = open_matter(procedure="resolution-task", subject="procedures.task")
    state = queries.case_state(task)
    holder = desk(world.holder(state.holdings[0].owner))
    given = {"to": "outside", "named": "", "words": WORDS, "key": "a" * 32}
    answer = holder.post(f"/desk/cases/{state.reference}/steps/ask/", given)
    assert "请写明问的是谁" in page(answer)
    assert WORDS in page(answer)
    assert not Question.objects.exists()


def test_who_opens_link_after_link_must_wait(world: World, case: int) -> None:
    browser = Client()
    dead = reverse("procedures:question", args=["x" * 43])
    codes = [browser.get(dead).status_code for _ in range(101)]
    assert codes == [404] * 100 + [429]
    assert browser.get(link(ask(world, case))).status_code == 429


def test_the_list_of_questions_takes_two_statements(world: World, case: int) -> None:
    for count in (1, 3):
        while Question.objects.count() < count:
            ask(world, case)
        state = queries.case_state(case)
        forget_all()
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.questions_of(state)) == count
        assert len(asked) == 2
