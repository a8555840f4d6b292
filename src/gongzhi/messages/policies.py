"""Who may look after letters that could not be delivered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import Decision, allow_if
from gongzhi.messages.choices import MANAGE


def can_manage_letters(actor: Actor) -> Decision:
    """Whoever manages the system sees what did not go, with addresses masked."""
    return allow_if(actor.has(MANAGE), _("只有系统管理员处理发送失败的信"))
