"""Who may write down visits and what came of them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import Decision, allow_if
from gongzhi.visits.choices import RECORD


def can_record(actor: Actor, area: str) -> Decision:
    """Whether *actor* may write down a visit at *area*, and what came of its needs."""
    return allow_if(actor.may(RECORD, area=area), _("您不能在这个区域记走访"))
