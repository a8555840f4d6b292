"""Who may change areas: those who hold `areas.manage` over every code concerned."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import ALLOWED, Decision, allow_if, refuse


def can_manage(actor: Actor, codes: Iterable[str]) -> Decision:
    """Whether *actor* may change all of these areas."""
    for code in codes:
        if not actor.may("areas.manage", area=code):
            return refuse(_("您的岗位不能管理这个区域"))
    return ALLOWED


def can_load(actor: Actor) -> Decision:
    """Whether *actor* may load whole districts or the country: the system itself, at set-up."""
    return allow_if(actor.is_system, _("只能在服务器上用命令导入整个区县"))


def can_see_counts(actor: Actor, code: str) -> Decision:
    """Whether *actor* may see households and residents of an area."""
    return allow_if(actor.may("areas.see", area=code), _("您的岗位不能查看这里的户数和人数"))
