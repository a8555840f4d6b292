"""Correcting where a case lies, within reach of those who hold it."""

from __future__ import annotations

from django.db.models import F

from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.procedures import queries
from gongzhi.procedures.actions.moving import check_revision
from gongzhi.procedures.errors import CaseMoved
from gongzhi.procedures.models import Case
from gongzhi.procedures.queries import CaseState


@action
def relocate_case(*, actor: Actor, case: int, area: str, revision: int | None = None) -> CaseState:
    """Write the area of an open case anew; its stage, owners and due time stay.

    Who may do so, and how it is told, is the business of the subject's own action. Raises
    `CaseUnknown`, `CaseClosed`, `CaseMoved`.
    """
    state = queries.case_by_id(actor, case)
    check_revision(state, revision)
    changed = Case.objects.filter(pk=case, revision=state.revision, status="open").update(
        area=area, revision=F("revision") + 1
    )
    if not changed:
        raise CaseMoved(field="revision")
    return queries.case_state(case)
