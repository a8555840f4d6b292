"""Guards that every procedure may use; a subject's own guards are registered by its app."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.policy import ALLOWED, Decision, allow_if, refuse
from gongzhi.procedures.choices import Part, Situation, guard
from gongzhi.procedures.models import WorkItem

OUTSIDE = "outside"


@guard("can_be_deliberated")
def can_be_deliberated(told: Situation) -> Decision:
    """Allow unless the form's own answer says that the affair is not for deliberation."""
    if told.data.get("within_scope") == OUTSIDE:
        return refuse(_("不属于可以协商的事项，请改用“不列入”并写明理由"))
    return ALLOWED


@guard("open_objections")
def open_objections(told: Situation) -> Decision:
    """Whether an objection to the case still waits for its ruling: the clock waits as long."""
    waiting = WorkItem.objects.filter(case_id=told.case, part=Part.RULING, done_at=None)
    return allow_if(waiting.exists(), _("没有待答复的异议"))
