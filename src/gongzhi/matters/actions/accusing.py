"""Says against which organisation a matter is, so that it never learns who reported."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.matters import policies
from gongzhi.matters.errors import AccusedUnknown
from gongzhi.matters.facts import AccusedNamed
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.accused import accusable
from gongzhi.matters.queries.detail import case_and_matter


@action
def name_accused(*, actor: Actor, reference: str, organisation: int | None) -> None:
    """Name the organisation that a matter complains of; None takes it back.

    Raises `MatterUnknown`, `NotAllowed`, `AccusedUnknown`.
    """
    case, matter = case_and_matter(actor, reference)
    require(policies.can_name_accused(actor, case))
    if organisation is not None and organisation not in dict(accusable(case)):
        raise AccusedUnknown(field="organisation", mend=_("请从列表中选择"))
    if organisation == matter.accused:
        return
    Matter.objects.filter(pk=matter.pk).update(accused=organisation)
    emit(AccusedNamed(matter.pk, organisation), area=case.area, case=case.id)
