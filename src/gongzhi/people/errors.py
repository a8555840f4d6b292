"""What can go wrong with accounts, personal data, tokens and sign-in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, InvalidInput, NotFound, TooManyRequests


class AccountUnknown(NotFound):
    """There is no such account, or the actor may not know of it."""

    code = "account-unknown"
    title = _("没有找到这个人")


class NotStaff(InvalidInput):
    """A post is for staff, who sign in with a second factor; this is a resident's account."""

    code = "not-staff"
    title = _("这不是工作人员的账号，不能担任岗位")


class UserNameTaken(Conflict):
    """Another account has this user name."""

    code = "user-name-taken"
    title = _("这个用户名已被使用")


class AlreadyKnown(Conflict):
    """Another account has this phone or identity number."""

    code = "already-known"
    title = _("这个号码已登记在另一个账号下")


class PersonalDataInvalid(InvalidInput):
    """A phone number, identity number, name or address is not written as one."""

    code = "personal-data-invalid"


class PasswordRefused(InvalidInput):
    """The password breaks a rule."""

    code = "password-refused"
    title = _("密码不符合要求")


class TokenUnknown(NotFound):
    """There is no such token among one's own."""

    code = "token-unknown"
    title = _("没有找到这个令牌")


class SignInLocked(TooManyRequests):
    """Too many passwords were tried; the message says when one may try again."""

    code = "sign-in-locked"
    title = _("密码尝试次数过多")
