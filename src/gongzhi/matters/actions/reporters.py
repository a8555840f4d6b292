"""Who reported: shown whole for a recorded reason only, erased when its time is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput, NotFound
from gongzhi.kernel.policy import require
from gongzhi.matters import policies
from gongzhi.matters.facts import ReporterErased, ReporterRevealed
from gongzhi.matters.models import CoReporter, Reporter, ReporterReveal
from gongzhi.matters.queries.detail import (
    NAME_PURPOSE,
    PHONE_PURPOSE,
    case_and_matter,
    matter_for,
    opened,
)
from gongzhi.matters.queries.told import goes_on, with_merged
from gongzhi.matters.retention import reporter_days
from gongzhi.messages import actions as notices
from gongzhi.messages.choices import CASE
from gongzhi.people.choices import REVEAL_REASONS

_LONGEST_WORDS = 500


@action
def reveal_reporter(
    *, actor: Actor, reference: str, reason: str, words: str = ""
) -> dict[str, str]:
    """Return the reporter's name and phone unmasked, and record who looked and why.

    *reason* is a key of the list of reasons; `other` needs *words*. Raises `NotAllowed`,
    `MatterUnknown`, `InvalidInput`, and `NotFound` when nobody is on record.
    """
    case, matter = case_and_matter(actor, reference)
    require(policies.can_reveal_reporter(actor, matter_for(actor, case)))
    words = _reason_words(reason, words)
    reporter = Reporter.objects.filter(matter=matter).first()
    if reporter is None:
        raise NotFound(_("这件事项没有留下反映人信息"))
    reveal = ReporterReveal.objects.create(
        matter=matter, by=actor.account, reason=reason, words=words, at=clock.now()
    )
    fact = ReporterRevealed(matter=matter.pk, reveal=reveal.pk, reason=reason)
    emit(fact, area=case.area, case=case.id)
    return {
        "name": opened(reporter.name_sealed, NAME_PURPOSE),
        "phone": opened(reporter.phone_sealed, PHONE_PURPOSE),
    }


def _reason_words(reason: str, words: str) -> str:
    if reason not in dict(REVEAL_REASONS):
        raise InvalidInput(_("没有选择查看理由"), field="reason", mend=_("请从列表中选择"))
    words = words.strip()
    if reason == "other" and not words:
        raise InvalidInput(
            _("选择“其他”时须写明理由"), field="words", mend=_("请用一句话说明为何需要查看")
        )
    if len(words) > _LONGEST_WORDS or "\x00" in words:
        raise InvalidInput(_("说明太长"), field="words", mend=_("请写在 500 字以内"))
    return words


@action
def set_reporter_terms(*, actor: Actor, closed: Collection[int], reopened: Collection[int]) -> None:
    """Let the time run after which what reporters left of cases is erased, or stop it.

    Name, phone and e-mail have one term. What belongs to a duplicate waits for the matter that
    goes on for it.
    """
    waiting = goes_on(closed)
    _keep_until(clock.today() + timedelta(days=reporter_days()), set(closed) - waiting)
    _keep_until(None, waiting | set(reopened))


def _keep_until(until: date | None, cases: Collection[int]) -> None:
    """Set the term of these cases' reporters, and of those merged into them."""
    if not cases:
        return
    matters = dict(with_merged(cases))
    for kept in (Reporter, CoReporter):
        kept.objects.filter(matter__in=matters).update(keep_until=until)
    subjects = list(matters.values())
    notices.set_address_term(actor=SYSTEM, subject_kind=CASE, subjects=subjects, until=until)


@action
def erase_expired_reporters(*, actor: Actor, limit: int = 1000) -> int:
    """Erase reporters whose time is over; return how many. Of a follower the row stays, bare."""
    due = _expired(Reporter, limit)
    Reporter.objects.filter(pk__in=[one.pk for one in due]).delete()
    followers = _expired(CoReporter, max(limit - len(due), 0))
    CoReporter.objects.filter(pk__in=[one.pk for one in followers]).update(
        name_sealed=None, phone_sealed=None, phone_index=None, keep_until=None
    )
    for one in (*due, *followers):
        fact = ReporterErased(matter=one.matter_id)
        emit(fact, area=one.matter.case.area, case=one.matter.case_id)
    return len(due) + len(followers)


def _expired(kept: type[Reporter] | type[CoReporter], limit: int) -> list[Any]:
    found = kept.objects.select_for_update(skip_locked=True, of=("self",))
    due = found.filter(keep_until__lte=clock.today())
    return list(due.select_related("matter__case").order_by("pk")[:limit])
