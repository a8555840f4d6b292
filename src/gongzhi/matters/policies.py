"""Who may report for others, set place and category, add photos and look at who reported."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import ALLOWED, Decision, allow_if
from gongzhi.matters.choices import HANDLE, OWN_CHANNELS, REPORT, SEE
from gongzhi.matters.queries.detail import MatterDetail
from gongzhi.procedures.queries import CaseState


def can_report(actor: Actor, channel: str) -> Decision:
    """Whether *actor* may report by this channel: on the web anybody, else staff.

    Not bound to the place: who walks in may report something a street away, and it goes where
    it belongs.
    """
    if channel in OWN_CHANNELS:
        return ALLOWED
    return allow_if(actor.has(REPORT), _("您的岗位不能代为登记事项"))


def can_describe(actor: Actor, case: CaseState) -> Decision:
    """Whether *actor* may set or correct place and category of a matter: not who is recused."""
    able = actor.account not in case.recused and actor.may(HANDLE, area=case.area)
    return allow_if(able, _("您不能修改这个区域的事项"))


def can_name_accused(actor: Actor, case: CaseState) -> Decision:
    """Whether *actor* may say against which organisation an open matter is."""
    able = case.is_open and bool(can_describe(actor, case))
    return allow_if(able, _("您不能修改这件事项"))


def can_merge(actor: Actor, *cases: CaseState) -> Decision:
    """Whether *actor* may merge these matters, take them apart, or split one: not who is recused

    from one of them, who would come by its reporter in another.
    """
    reaches = all(
        actor.may(HANDLE, area=case.area) and actor.account not in case.recused for case in cases
    )
    return allow_if(reaches, _("这些事项不都在您办理的区域"))


def can_attach(actor: Actor) -> Decision:
    """Whether *actor*, who sees the matter, may add a photo to it."""
    return allow_if(actor.has(HANDLE), _("您的岗位不办理这类事项"))


def can_reveal_reporter(actor: Actor, matter: MatterDetail) -> Decision:
    """Whether *actor* may see who reported, for a recorded reason: by a post at the place only.

    Never to whom the matter as it was read shows nothing: who is recused, or complained of.
    """
    person = actor.kind == "person" and not matter.reporter.hidden
    area = matter.state.area
    sees = actor.may("people.reveal", area=area) and actor.may(SEE, area=area)
    return allow_if(person and sees, _("您不能查看反映人的完整信息"))
