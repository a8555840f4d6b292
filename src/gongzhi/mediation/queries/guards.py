"""What the procedures ask of a dispute or a consultation before a move: records of this stay."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gongzhi.kernel.policy import Decision, allow_if
from gongzhi.mediation.choices import CONSULTATION, DISPUTE, Kept
from gongzhi.mediation.models import Agreement, Mediation, Review, Talk
from gongzhi.procedures.choices import Situation, guard


def _of_stay(model: Any, situation: Situation) -> Any:
    """Return the records of one kind that were made in this stay of the case, newest first."""
    known = {DISPUTE: "dispute", CONSULTATION: "consultation"}.get(situation.subject)
    if known is None or not hasattr(model, known):
        return model.objects.none()
    about = {f"{known}_id": situation.subject_id, "visit": situation.visit}
    return model.objects.filter(**about).order_by("-id")


@guard("mediated")
def mediated(situation: Situation) -> Decision:
    """Whether the parties were brought together in this stay."""
    return allow_if(_of_stay(Mediation, situation).exists(), _("先记一次调解"))


@guard("agreement_signed")
def agreement_signed(situation: Situation) -> Decision:
    """Whether an agreement was written down in this stay."""
    return allow_if(_of_stay(Agreement, situation).exists(), _("先登记协议"))


@guard("agreement_reviewed")
def agreement_reviewed(situation: Situation) -> Decision:
    """Whether somebody looked in this stay whether the agreement was kept."""
    return allow_if(_of_stay(Review, situation).exists(), _("先记一次回访"))


@guard("agreement_kept")
def agreement_kept(situation: Situation) -> Decision:
    """Whether the newest review of this stay did not find the agreement broken."""
    newest = _of_stay(Review, situation).first()
    if newest is None:
        return allow_if(False, _("先记一次回访"))
    return allow_if(newest.result != Kept.BROKEN, _("最近一次回访记的是没有履行"))


@guard("talked")
def talked(situation: Situation) -> Decision:
    """Whether the counsellor talked with the person in this stay."""
    return allow_if(_of_stay(Talk, situation).exists(), _("先记一次谈话"))
