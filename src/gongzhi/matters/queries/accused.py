"""The organisation that a matter complains of (被反映单位): it never leads alone against itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.areas.queries import served_root
from gongzhi.kernel.policy import ALLOWED, Decision, refuse
from gongzhi.matters.models import Matter
from gongzhi.organisations import queries as organisations
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import Situation, guard


@guard("accused_not_alone")
def accused_not_alone(situation: Situation) -> Decision:
    """Refuse to give the lead, without anybody who assists, to the organisation complained of."""
    state = procedures.case_state(situation.case, named=False)
    definition = procedures.definition_for(state)
    move = definition.move(situation.stage, situation.move)
    target = definition.stages.get(move.target) if move else None
    owner = target.owner if target else None
    lead = situation.data.get(owner.organisation_from or "") if owner else None
    if lead is None or situation.data.get((owner.assist_from if owner else "") or ""):
        return ALLOWED
    named = Matter.objects.filter(case_id=situation.case).values_list("accused", flat=True).first()
    if named is None or named not in organisations.with_those_above([lead]):
        return ALLOWED
    return refuse(_("被反映的就是这个单位，不能由它单独主办；请另选主办，或加上协办单位"))


def accusable(case: procedures.CaseState) -> list[tuple[int, str]]:
    """Return the organisations that a matter may be against: those that its procedure may ask.

    Staff of streets and communities hold their posts at areas: against them recusal is the way.
    """
    fields = procedures.definition_for(case).fields.values()
    kinds = {kind for one in fields if one.type.startswith("organisation") for kind in one.kinds}
    return organisations.choices_of_kinds(kinds, served_root(case.area))
