"""Who may open, change, look into and close accounts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import ALLOWED, Decision, allow_if
from gongzhi.people.models import Account


def can_open_account(actor: Actor, area: str) -> Decision:
    """Whether *actor* may open accounts kept by *area*."""
    return allow_if(actor.may("people.manage", area=area), _("您不能在这个区域登记人员"))


def can_manage_account(actor: Actor, account: Account) -> Decision:
    """Whether *actor* may change, close or reopen *account*."""
    return allow_if(actor.may("people.manage", area=account.area), _("您不能管理这个账号"))


def can_close_account(actor: Actor, account: Account) -> Decision:
    """Whether *actor* may close *account*: never one's own, so that nobody locks himself out."""
    if actor.account == account.pk:
        return allow_if(False, _("不能停用自己的账号"))
    return can_manage_account(actor, account)


def can_store_personal_data(actor: Actor, account: Account) -> Decision:
    """Whether *actor* may enter or correct personal data: one's own, or of people one manages."""
    own = actor.kind == "person" and actor.account == account.pk
    return ALLOWED if own else can_manage_account(actor, account)


def can_reveal(actor: Actor, account: Account) -> Decision:
    """Whether *actor* may see personal data unmasked, for a reason that is recorded."""
    person = actor.kind == "person"
    own = actor.account == account.pk
    return allow_if(
        person and (own or actor.may("people.reveal", area=account.area)),
        _("您不能查看此人的完整信息"),
    )


def can_reset_sign_in(actor: Actor, account: Account) -> Decision:
    """Whether *actor* may set another's password or take the second factor away.

    Kept with security administration: who manages people must not be able to become them.
    """
    other = actor.account != account.pk
    return allow_if(
        other and actor.may("security.manage", area=account.area),
        _("重置他人的密码和动态口令须由安全管理员办理"),
    )


def can_own(actor: Actor, account: int) -> Decision:
    """Whether *actor* is the owner of *account*, in person and not through a token."""
    own = actor.is_system or (actor.kind == "person" and actor.account == account)
    return allow_if(own and actor.scopes is None, _("只能由本人登录后办理"))
