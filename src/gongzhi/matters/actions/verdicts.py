"""The reporter's verdict: by secret link, or asked by telephone; recorded by one effect."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import REPORTER, SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.matters.actions.holding import hold_cases
from gongzhi.matters.choices import LONGEST_VERDICT, VERDICT_MOVES, Satisfaction, Solved
from gongzhi.matters.errors import VerdictNotDue
from gongzhi.matters.facts import VerdictGiven, VoiceGiven
from gongzhi.matters.models import Matter, Voice
from gongzhi.matters.queries.public import ANSWERED, Link, link_of
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import move_case
from gongzhi.procedures.choices import Situation, effect
from gongzhi.procedures.errors import CaseMoved

# Whether the verdict being given is a follower's: the effect is told only what was filled in.
_anothers: ContextVar[bool] = ContextVar("anothers_verdict", default=False)
_NOT_DUE = gettext_lazy("办好答复之后才请您评价；已办结的事项不再评价")


@action
def give_verdict(
    *, actor: Actor, reference: str, secret: str, solved: bool, satisfaction: str, words: str = ""
) -> procedures.CaseState:
    """Give the reporter's verdict on an answered matter, and return where its case stands.

    *satisfaction* is a key of `Satisfaction`. Solved closes the case; not solved brings it before
    a person who judges. Of several reporters each is heard once, also after the end. Raises
    `SecretWrong`, `VerdictNotDue`, `InvalidInput`.
    """
    link = _held(reference, secret)
    _check(satisfaction, words)
    state = procedures.state_of(link.main.case)
    move = VERDICT_MOVES[solved]
    due = move in {one.key for one in procedures.next_moves(REPORTER, state)}
    if link.reporter is None and link.matter.main is None:
        if not due:
            raise VerdictNotDue(mend=_NOT_DUE)
    else:
        _hear(link, state, Said(solved, satisfaction, words), due=due)
        if not due or (solved and link.reporter is not None):
            return state
    data = {"satisfaction": satisfaction, "words": words}
    token = _anothers.set(link.reporter is not None)
    try:
        return move_case(
            actor=REPORTER, case=state.id, move=move, data=data, revision=state.revision
        )
    finally:
        _anothers.reset(token)


def _held(reference: str, secret: str) -> Link:
    """Hold the cases of the matter and of the one that goes on for it; return the link anew.

    So several who press at once are heard one after another, and the same link once.
    """
    seen = link_of(reference, secret)
    hold_cases(seen.matter.case_id, seen.main.case_id)
    link = link_of(reference, secret)
    if link.main.pk != seen.main.pk:
        raise CaseMoved()  # merged or taken out at this moment
    return link


@dataclass(frozen=True, slots=True)
class Said:
    """What one of several reporters says of the answer."""

    solved: bool
    satisfaction: str
    words: str


def _hear(link: Link, state: procedures.CaseState, said: Said, *, due: bool) -> None:
    """Keep what one of several says, once each: while the answer is judged, or after the end.

    Anybody may follow a matter, so a follower's "solved" closes nothing; "not solved" brings it
    before a person, whoever says so.
    """
    if not due and (state.is_open or state.outcome_kind not in ANSWERED):
        raise VerdictNotDue(mend=_NOT_DUE)
    own = Q(reporter=link.reporter) if link.reporter else Q(duplicate=link.matter)
    if Voice.objects.filter(own).exists():
        raise VerdictNotDue(mend=_("您已经评价过"))
    voice = Voice.objects.create(
        matter=link.main,
        reporter=link.reporter,
        duplicate=None if link.reporter else link.matter,
        solved=Solved.SOLVED if said.solved else Solved.UNSOLVED,
        satisfaction=said.satisfaction,
        words=said.words,
        at=clock.now(),
    )
    fact = VoiceGiven(link.main.pk, voice.pk, voice.solved, voice.satisfaction)
    emit(fact, area=state.area, case=state.id)


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
    """Keep what a verdict's move says as the matter's newest verdict, and tell it as a fact.

    What a follower says is his own voice and no verdict of whoever reported the matter.
    """
    if _anothers.get():
        return
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
