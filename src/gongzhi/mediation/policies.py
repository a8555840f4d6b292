"""Who may put disputes and consultations on record, add to them, and see names whole."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import Decision, allow_if
from gongzhi.mediation.choices import HANDLE, HANDLE_COUNSELLING
from gongzhi.mediation.queries import counselling, disputes, standing
from gongzhi.procedures.queries import CaseState


def can_register(actor: Actor, area: str) -> Decision:
    """Whether *actor* may put a dispute on record at *area*."""
    return allow_if(actor.may(HANDLE, area=area), _("您不能在这个区域登记矛盾纠纷"))


def can_register_consultation(actor: Actor, area: str) -> Decision:
    """Whether *actor* may put a consultation on record at *area*."""
    allowed = actor.may(HANDLE_COUNSELLING, area=area)
    return allow_if(allowed, _("您不能在这个区域登记心理疏导"))


def can_add(actor: Actor, state: CaseState, power: str) -> Decision:
    """Whether *actor* may add to a record: who carries the case, with the power to handle it."""
    carries = standing.carries(actor, state) and actor.has(power)
    return allow_if(carries, _("现在由别人办理，您只能查看"))


def can_reveal_parties(actor: Actor, state: CaseState) -> Decision:
    """Whether *actor* may see the parties unmasked, for a recorded reason."""
    return allow_if(disputes.may_reveal(actor, state), _("您不能查看当事人的完整信息"))


def can_reveal_person(actor: Actor, state: CaseState) -> Decision:
    """Whether *actor* may see who is counselled, for a recorded reason."""
    return allow_if(counselling.may_reveal(actor, state), _("您不能查看本人的完整信息"))
