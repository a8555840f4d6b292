"""Who may assign, cancel, reopen and publish; the same decision hides the button."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import LENGTHS
from gongzhi.kernel.policy import ALLOWED, Decision, allow_if, refuse
from gongzhi.procedures import queries
from gongzhi.procedures.choices import CARRYING, SUBJECTS, Part
from gongzhi.procedures.definition import Owner
from gongzhi.procedures.queries import CaseState


def not_recused(actor: Actor, case: CaseState) -> Decision:
    """Who is recused from a case does nothing with it any more."""
    return allow_if(actor.account not in case.recused, _("您已回避这件事项"))


def can_recuse(actor: Actor, case: CaseState) -> Decision:
    """Who holds a part of an open case may step aside, for a reason of the procedure's list."""
    if queries.definition_of(case.version).recuse is None or not case.is_open:
        return refuse(_("这个规程没有回避"))
    if not (handles := can_handle(actor, case.subject)):
        return handles
    return allow_if(bool(queries.mine(actor, case.holdings)), _("由承办的人申请回避"))


def can_order_recusal(actor: Actor, case: CaseState) -> Decision:
    """Somebody's recusal is ordered by the role that the procedure names, over its area."""
    named = queries.definition_of(case.version).recuse
    if named is None or not case.is_open:
        return refuse(_("这个规程没有回避"))
    if not (handles := can_handle(actor, case.subject)):
        return handles
    fits = _stands_over(actor, named.by, case.area) and bool(not_recused(actor, case))
    return allow_if(fits, _("责令回避须由指定岗位办理"))


def _stands_over(actor: Actor, owner: Owner, area: str) -> bool:
    """Whether somebody holds this role over the area at its level or above: no peer below does."""
    if actor.is_system:
        return True
    longest = LENGTHS[owner.level] if owner.level else len(area)  # type: ignore[index]
    return any(
        post.role == owner.role and area.startswith(post.area) and len(post.area) <= longest
        for post in actor.posts
        if post.area
    )


def can_assign(actor: Actor, case: CaseState) -> Decision:
    """An item is given to a person by somebody who holds it, or dispatches over its area."""
    if not (free := not_recused(actor, case)):
        return free
    holds = bool(queries.mine(actor, case.holdings))
    dispatches = actor.may("matters.dispatch", area=case.area)
    return allow_if(holds or dispatches, _("只有承办方或派单岗位可以指派"))


def can_cancel(actor: Actor, case: CaseState) -> Decision:
    """A case is called off by the role its procedure names, with the power, over its area."""
    if not (free := not_recused(actor, case)):
        return free
    named = queries.definition_of(case.version).cancel
    if named is None:
        return refuse(_("这个规程不能撤销"))
    if not case.is_open:
        return refuse(_("事项已经办结"))
    fits = queries.holds_role(actor, named.by, case.area)
    return allow_if(fits and actor.may("cases.cancel", area=case.area), _("撤销须由指定岗位办理"))


def can_reopen(actor: Actor, case: CaseState) -> Decision:
    """A closed case is opened again by the role its procedure names."""
    if not (free := not_recused(actor, case)):
        return free
    named = queries.definition_of(case.version).reopen
    if named is None or case.is_open:
        return refuse(_("这件事项不能重新打开"))
    fits = queries.holds_role(actor, named.by, case.area)
    return allow_if(
        fits and actor.may("cases.reopen", area=case.area), _("重新打开须由指定岗位办理")
    )


def can_supervise(actor: Actor, case: CaseState) -> Decision:
    """A case is supervised by the role its procedure names, over its area."""
    if not (free := not_recused(actor, case)):
        return free
    named = queries.definition_of(case.version).supervise
    if named is None:
        return refuse(_("这个规程没有督办"))
    return allow_if(queries.holds_role(actor, named.by, case.area), _("督办须由指定岗位办理"))


def can_ask(actor: Actor, case: CaseState) -> Decision:
    """The reporter, or somebody outside, is asked by who holds a part of the open case."""
    if queries.definition_of(case.version).ask is None:
        return refuse(_("这个规程不能向外提问"))
    if not case.is_open:
        return refuse(_("事项已经办结"))
    held = [h for h in queries.mine(actor, case.holdings) if h.part in (*CARRYING, Part.ASSIST)]
    return allow_if(bool(held), _("由承办方提问"))


def can_manage_question(actor: Actor, case: CaseState, asked_by: int | None) -> Decision:
    """A question is kept open or taken back by who asked it, or carries the case now."""
    if not (free := not_recused(actor, case)):
        return free
    if not case.is_open:
        return refuse(_("事项已经办结"))
    own = actor.account is not None and actor.account == asked_by
    carries = any(h.part in CARRYING for h in queries.mine(actor, case.holdings))
    return allow_if(own or carries, _("由提问的人或承办方处理"))


def can_publish(actor: Actor, scope: str) -> Decision:
    """Procedures are published by system administration over the whole scope."""
    allowed = actor.may("procedures.publish", area=scope)
    return allow_if(allowed, _("发布规程须由系统管理员办理"))


def can_handle(actor: Actor, subject: str) -> Decision:
    """Somebody handles a subject who holds its power somewhere."""
    known = SUBJECTS.get(subject)
    if known is None or actor.is_system:
        return ALLOWED
    return allow_if(actor.has(known.handle), _("您的岗位不办理这类事项"))
