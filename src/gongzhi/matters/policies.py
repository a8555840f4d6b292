"""Who may report for others, set place and category, add photos and look at who reported."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import ALLOWED, Decision, allow_if
from gongzhi.matters.choices import HANDLE, OWN_CHANNELS, REPORT, SEE


def can_report(actor: Actor, channel: str) -> Decision:
    """Whether *actor* may report by this channel: on the web anybody, else staff.

    Not bound to the place: who walks in may report something a street away, and it goes where
    it belongs.
    """
    if channel in OWN_CHANNELS:
        return ALLOWED
    return allow_if(actor.has(REPORT), _("您的岗位不能代为登记事项"))


def can_describe(actor: Actor, area: str) -> Decision:
    """Whether *actor* may set or correct place and category of a matter at *area*."""
    return allow_if(actor.may(HANDLE, area=area), _("您不能修改这个区域的事项"))


def can_merge(actor: Actor, *areas: str) -> Decision:
    """Whether *actor* may merge matters at these areas, take them apart, or split one."""
    reaches = all(actor.may(HANDLE, area=area) for area in areas)
    return allow_if(reaches, _("这些事项不都在您办理的区域"))


def can_attach(actor: Actor) -> Decision:
    """Whether *actor*, who sees the matter, may add a photo to it."""
    return allow_if(actor.has(HANDLE), _("您的岗位不办理这类事项"))


def can_reveal_reporter(actor: Actor, area: str) -> Decision:
    """Whether *actor* may see who reported, for a recorded reason: by a post at the place only."""
    person = actor.kind == "person"
    sees = actor.may("people.reveal", area=area) and actor.may(SEE, area=area)
    return allow_if(person and sees, _("您不能查看反映人的完整信息"))
