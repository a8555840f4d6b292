"""Splitting a matter that holds several into parts, each a matter of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.matters import policies
from gongzhi.matters.actions.checking import NewMatter
from gongzhi.matters.actions.holding import hold_cases
from gongzhi.matters.actions.reporting import Reported, report_matter
from gongzhi.matters.choices import MOST_PARTS
from gongzhi.matters.errors import CannotSplit
from gongzhi.matters.facts import MatterDivided
from gongzhi.matters.models import Matter, Reporter
from gongzhi.matters.queries.detail import (
    PHONE_PURPOSE,
    TAIL,
    case_and_matter,
    opened,
    tail_index,
)
from gongzhi.procedures.actions import inherit_recusals
from gongzhi.procedures.errors import CaseClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPart:
    """One part: its words, and where it differs its category and place."""

    words: str
    category: str = ""
    area: str = ""


@action
def divide_matter(
    *, actor: Actor, reference: str, parts: Sequence[NewPart], submit_key: str = ""
) -> list[Reported]:
    """Open further matters from one that holds several; the first goes on with what is left.

    The reporter's link opens the parts too, and the contact goes with them. The same `submit_key`
    twice opens them once. Raises `MatterUnknown`, `NotAllowed`, `CannotSplit`, `CaseClosed`, and
    what `report_matter` raises.
    """
    case, matter = case_and_matter(actor, reference)
    require(policies.can_merge(actor, case))
    if not case.is_open:
        raise CaseClosed()
    if not 0 < len(parts) <= MOST_PARTS:
        mend = _("一次拆出 1 到 %(n)d 件") % {"n": MOST_PARTS}
        raise CannotSplit(_("没有写拆出的事项"), field="words", mend=mend)
    reporter = Reporter.objects.filter(matter=matter).first()
    hold_cases(case.id)  # of two who press at once the second finds what the first has opened
    done = []
    for number, part in enumerate(parts):
        report = NewMatter(
            words=part.words,
            category=part.category,
            channel=matter.channel,
            area=part.area or (case.area if len(case.area) > _DISTRICT else ""),
            place_text=matter.place_text,
            anonymous=reporter is None,
            submit_key=f"{submit_key}:{matter.pk}:{number}" if submit_key else "",
        )
        opened_part = report_matter(actor=actor, report=report)
        done.append(opened_part)
        if opened_part.again:
            continue
        # The secret of the whole opens its parts: the reporter keeps one link.
        Matter.objects.filter(pk=opened_part.matter).update(
            whole=matter, secret_hash=matter.secret_hash, accused=matter.accused
        )
        inherit_recusals(actor=actor, case=opened_part.case, whole=case.id)
        if reporter is not None:
            _copy(reporter, opened_part.matter)
        fact = MatterDivided(matter.pk, opened_part.matter)
        emit(fact, area=case.area, case=case.id)
    return done


_DISTRICT = 6  # digits


def _copy(reporter: Reporter, matter: int) -> None:
    """Keep the contact with a part as well: sealed, with an index of the digits of its own."""
    phone = opened(reporter.phone_sealed, PHONE_PURPOSE)
    Reporter.objects.create(
        matter_id=matter,
        name_sealed=reporter.name_sealed,
        phone_sealed=reporter.phone_sealed,
        phone_index=reporter.phone_index,
        tail_index=tail_index(matter, phone[-TAIL:]) if phone else None,
        stored_at=clock.now(),
    )
