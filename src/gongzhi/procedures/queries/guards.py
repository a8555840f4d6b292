"""The conditions that every installation's procedures may name; subject apps add their own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.codes import LENGTHS
from gongzhi.kernel.policy import Decision, allow_if
from gongzhi.procedures.choices import Situation, guard
from gongzhi.procedures.models import Objection


@guard("open_objections")
def open_objections(situation: Situation) -> Decision:
    """Hold while an objection raised in this stay has not been ruled on."""
    waiting = Objection.objects.filter(
        case_id=situation.case, visit=situation.visit, upheld=None
    ).exists()
    return allow_if(waiting, _("没有待答复的异议"))


@guard("can_be_deliberated")
def can_be_deliberated(situation: Situation) -> Decision:
    """Residents deliberate what lies inside one community."""
    inside = len(situation.area) >= LENGTHS["community"]
    return allow_if(inside, _("议题须落在一个社区之内，请先把区域选到社区"))
