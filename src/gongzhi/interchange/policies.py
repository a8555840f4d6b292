"""Who may look after webhooks."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.interchange.choices import MANAGE
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import Decision, allow_if


def can_manage(actor: Actor, area: str) -> Decision:
    """Whether *actor* may add, pause, resume and remove endpoints at *area*, and resend."""
    return allow_if(actor.may(MANAGE, area=area), _("您不能管理这里的推送"))
