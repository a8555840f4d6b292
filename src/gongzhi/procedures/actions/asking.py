"""Asks the reporter, or somebody outside, through a link that answers once and for a time.

A question does not stop the clock: whoever needs the time asks for a pause, and somebody approves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import clock, crypto
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.people.actions import Limit, count_tries
from gongzhi.procedures import facts, policies, queries
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.choices import SUBJECTS, Status
from gongzhi.procedures.definition import Ask, Span
from gongzhi.procedures.errors import AnswersInvalid, LinkDead, QuestionRefused
from gongzhi.procedures.models import Case, Question
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.queries.questions import (
    LONGEST_ANSWER,
    LONGEST_NAME,
    LONGEST_QUESTION,
    digest_of,
    secret_of,
)

# A link's secret cannot be guessed; the limit keeps somebody from trying all the same.
_VISITS = Limit(100, 15 * 60)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked. The secret of its link is told here, to whoever asked."""

    question: int
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What is asked of whom: the reporter, or whoever is `named`.

    `key` names this asking: the same key asks once and gives the same link again.
    """

    words: str
    key: str
    to_reporter: bool = False
    named: str = ""


@action
def ask_outside(*, actor: Actor, case: int, asked: NewQuestion) -> Asked:
    """Ask something of the reporter or of somebody outside, as who holds the case.

    Raises `CaseUnknown`, `NotAllowed`, `AnswersInvalid`.
    """
    hold_case(case)
    state = queries.case_by_id(actor, case)
    require(policies.can_ask(actor, state))
    words = _text(asked.words, "words", LONGEST_QUESTION)
    named = "" if asked.to_reporter else _text(asked.named, "named", LONGEST_NAME)
    if before := _again(case, asked.key):
        return before
    now = clock.now()
    found = Question(
        case_id=case,
        key=asked.key,
        secret_hash=digest_of(secret_of(case, asked.key)),
        to_reporter=asked.to_reporter,
        named=named,
        words=words,
        asked_by=actor.account,
        asked_at=now,
        expires_at=_until(now, _rule(state).within),
    )
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:
        # Under the lock of its case a key can only be in the way that was used for another one.
        raise AnswersInvalid(_("请重新打开这一页再提问"), field="key") from None
    fact = facts.QuestionAsked(found.pk, found.to_reporter, found.expires_at.isoformat())
    emit(fact, area=state.area, case=case)
    return _asked(found)


def _again(case: int, key: str) -> Asked | None:
    found = Question.objects.filter(case_id=case, key=key).first()
    return _asked(found) if found else None


def _asked(found: Question) -> Asked:
    return Asked(found.pk, secret_of(found.case_id, found.key), found.expires_at)


def _rule(state: CaseState) -> Ask:
    rule = queries.definition_of(state.version).ask
    if rule is None:
        raise QuestionRefused(_("这个规程不能向外提问"))
    return rule


def _until(moment: datetime, span: Span) -> datetime:
    return queries.calendar().due(moment, span.amount, span.unit).at


@action
def extend_question(*, actor: Actor, question: int) -> None:
    """Let a link answer for as long again from now, within the longest time of the procedure.

    Raises `CaseUnknown`, `NotAllowed`, `QuestionRefused`.
    """
    found, state = _managed(actor, question)
    rule = _rule(state)
    now = clock.now()
    until = min(_until(now, rule.within), _until(found.asked_at, rule.longest))
    still = Question.objects.filter(pk=question, answered_at=None, withdrawn_at=None)
    if until <= max(found.expires_at, now) or not still.update(expires_at=until):
        raise QuestionRefused(_("这个问题不能再延长"), mend=_("需要时请另提一个问题"))
    fact = facts.QuestionExtended(question, until.isoformat())
    emit(fact, area=state.area, case=state.id)


@action
def withdraw_question(*, actor: Actor, question: int) -> None:
    """Take a question back: its link answers no more.

    Of an answer and a withdrawal at once one counts: the conditional update decides. Raises
    `CaseUnknown`, `NotAllowed`, `QuestionRefused`.
    """
    _found, state = _managed(actor, question)
    still = Question.objects.filter(pk=question, answered_at=None, withdrawn_at=None)
    if not still.update(withdrawn_at=clock.now()):
        raise QuestionRefused(_("这个问题已经有了回答，或已撤回"))
    emit(facts.QuestionWithdrawn(question), area=state.area, case=state.id)


QUESTION_ACTIONS = {"extend": extend_question, "withdraw": withdraw_question}
"""What can be done with one question, by the word in its address."""


def _managed(actor: Actor, question: int) -> tuple[Question, CaseState]:
    """Return a question of a case that *actor* sees and may manage it for."""
    found = Question.objects.filter(pk=question).first()
    state = queries.case_by_id(actor, found.case_id if found else 0)
    assert found is not None  # case_by_id has raised otherwise
    require(policies.can_manage_question(actor, state, found.asked_by))
    return found, state


@action
def answer_question(*, actor: Actor, secret: str, words: str, photos: Sequence[bytes] = ()) -> None:
    """Answer through the link, with photos where the subject keeps them.

    Raises `AnswersInvalid`, `LinkDead` for any other link, and what the subject has against a
    photo: then nothing of the answer is kept. Of any number of answers at once the conditional
    update takes one; the others come too late.
    """
    told = _text(words, "words", LONGEST_ANSWER)
    if photos:
        _hold_case_of(secret)  # the case before the question, as who works on the case does
    now = clock.now()
    open_one = Question.objects.filter(
        secret_hash=digest_of(secret),
        answered_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
        # Not through a join: that would become a sub-select, which a second answer reads too early.
        case__in=Case.objects.filter(status=Status.OPEN),
    )
    if not open_one.update(answer=told, answered_at=now):
        raise LinkDead()
    found = Question.objects.select_related("case").get(secret_hash=digest_of(secret))
    fact = facts.QuestionAnswered(found.pk, found.to_reporter)
    emit(fact, area=found.case.area, case=found.case_id)
    keep = SUBJECTS[found.case.subject].keep_photos
    if photos and keep is not None:
        keep(actor=actor, case=found.case_id, contents=photos)


def _hold_case_of(secret: str) -> None:
    asked = Question.objects.filter(secret_hash=digest_of(secret)).values_list("case", flat=True)
    for case in asked:
        hold_case(case)


@action
def count_link_visit(*, actor: Actor, address: str) -> datetime | None:
    """Count that an address opens a link; return until when it is refused, or None."""
    key = crypto.blind_index(address, "procedures.question_visit")
    exceeded = count_tries(actor=actor, limits={key: _VISITS})
    return max((one.until for one in exceeded), default=None)


def _text(given: str, field: str, most: int) -> str:
    words = given.strip()
    if not words or len(words) > most or "\x00" in words:
        mend = _("1 到 %(most)d 个字") % {"most": most}
        raise AnswersInvalid(_("请写明这一项"), field=field, mend=mend)
    return words
