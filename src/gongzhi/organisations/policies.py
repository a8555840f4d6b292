"""Who may found, change and abolish organisations, and who may give which post to whom."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import Decision, allow_if, refuse


def can_load_definitions(actor: Actor) -> Decision:
    """Whether *actor* may load roles and kinds of organisation."""
    return allow_if(actor.has("system.manage"), _("只有系统管理员可以载入角色与组织类型"))


def can_manage_organisation(actor: Actor, area: str) -> Decision:
    """Whether *actor* may found, change or abolish organisations standing at *area*."""
    return allow_if(actor.may("organisations.manage", area=area), _("您不能管理这个区域的组织"))


def can_manage_posts(actor: Actor, area: str, organisation: int | None = None) -> Decision:
    """Whether *actor* may give and end posts at *area*, or in an organisation standing there."""
    here = actor.may("posts.manage", area=area)
    inside = organisation is not None and actor.may("posts.manage", organisation=organisation)
    return allow_if(here or inside, _("您不能管理这里的岗位"))


def can_give_post(
    actor: Actor, *, area: str, organisation: int | None, apart: str | None, to: int
) -> Decision:
    """Whether *actor* may give a post here to account *to*.

    Nobody gives a post to himself, and the three separate administrations (三员) are given by
    security administration alone, so that no one widens his own reach.
    """
    if actor.is_system:
        return allow_if(True, "")
    if actor.account == to:
        return refuse(_("不能给自己安排岗位，请由上级或安全管理员办理"))
    if apart and not actor.may("security.manage", area=area):
        return refuse(_("系统管理、安全管理、审计岗位须由安全管理员安排"))
    return can_manage_posts(actor, area, organisation)
