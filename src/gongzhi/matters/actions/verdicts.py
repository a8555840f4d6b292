"""The reporter's verdict: by secret link, or asked by telephone; recorded by one effect."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import REPORTER, SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.matters.choices import LONGEST_VERDICT, VERDICT_MOVES, Satisfaction, Solved
from gongzhi.matters.errors import VerdictNotDue
from gongzhi.matters.facts import VerdictGiven
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.public import matter_with_secret
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import move_case
from gongzhi.procedures.choices import Situation, effect


@action
def give_verdict(
    *, actor: Actor, reference: str, secret: str, solved: bool, satisfaction: str, words: str = ""
) -> procedures.CaseState:
    """Give the reporter's verdict on an answered matter, and return where its case stands.

    *satisfaction* is a key of `Satisfaction`. Solved closes the case; not solved brings it before
    a person who judges. Raises `SecretWrong`, `VerdictNotDue`, `InvalidInput`.
    """
    matter = matter_with_secret(reference, secret)
    _check(satisfaction, words)
    state = procedures.state_of(matter.case)
    move = VERDICT_MOVES[solved]
    if move not in {one.key for one in procedures.next_moves(REPORTER, state)}:
        raise VerdictNotDue(mend=_("办好答复之后才请您评价；已办结的事项不再评价"))
    data = {"satisfaction": satisfaction, "words": words}
    return move_case(actor=REPORTER, case=state.id, move=move, data=data, revision=state.revision)


def _check(satisfaction: str, words: str) -> None:
    if satisfaction not in Satisfaction.values:
        known = "、".join(Satisfaction.values)
        raise InvalidInput(
            _("请选择满意程度"), field="satisfaction", mend=_("可用：%(known)s") % {"known": known}
        )
    if len(words) > LONGEST_VERDICT or "\x00" in words:
        raise InvalidInput(_("文字太长"), field="words", mend=_("请写在 1000 字以内"))


@action
def record_verdict(*, actor: Actor, situation: Situation) -> None:
    """Keep what a verdict's move says as the matter's newest verdict, and tell it as a fact."""
    outcome = procedures.case_state(situation.case).outcome_kind
    solved = outcome if outcome in (Solved.SOLVED, Solved.PARTLY) else Solved.UNSOLVED.value
    satisfaction = str(situation.data.get("satisfaction") or "")
    kept = Matter.objects.filter(pk=situation.subject_id, case_id=situation.case).update(
        solved=solved, satisfaction=satisfaction, verdict_at=clock.now()
    )
    if kept:
        fact = VerdictGiven(situation.subject_id, solved, satisfaction)
        emit(fact, area=situation.area, case=situation.case)


@effect("record_verdict")
def _record(situation: Situation) -> None:
    """Run within the move's own action."""
    record_verdict(actor=SYSTEM, situation=situation)
