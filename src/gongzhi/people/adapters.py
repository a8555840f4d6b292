"""What allauth asks us: whose password, how often, what is kept of a sign-in."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.kernel import clock, crypto
from gongzhi.kernel.access import actor_of
from gongzhi.kernel.actor import SYSTEM
from gongzhi.people import actions, queries
from gongzhi.people.models import Account
from gongzhi.people.preferences import set_cookies

_SECRET = "people.second_factor"  # noqa: S105  # the purpose of a key, no secret


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by staff; tries are counted; nothing personal stays in a session."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("手机号、用户名或密码不对，请核对后再试"),
        "rate_limited": gettext_lazy("尝试次数过多，请 5 分钟后再试"),
        "too_many_login_attempts": gettext_lazy("尝试次数过多，请 5 分钟后再试"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account for himself."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try first; refuse with the time from which one may try again."""
        login = str(credentials.get("username", ""))
        until = actions.count_sign_in_try(
            actor=SYSTEM, login=login, address=self.get_client_ip(request)
        )
        if until is not None:
            when = f"{clock.local(until):%H:%M}"
            raise ValidationError(
                _("密码尝试次数过多，请在 %(when)s 之后再试；忘记密码请联系安全管理员")
                % {"when": when},
                code="locked",
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Return the account for a right password, and put the outcome into the log."""
        self.pre_authenticate(request, **credentials)
        account = authenticate(request, **credentials)
        login = str(credentials.get("username", ""))
        if isinstance(account, Account):
            actions.forget_sign_in_tries(
                actor=SYSTEM, login=login, address=self.get_client_ip(request)
            )
            return account
        known = queries.find_by_login(login)
        if known is not None:
            actions.record_sign_in(actor=SYSTEM, account=known.pk, signed_in=False)
        return None

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in under a fresh session key; keep no login text, which may be a phone."""
        super().login(request, user)
        records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
        for record in records:
            record.pop("username", None)
            # For its first minutes a sign-in counts as the confirmation that allauth asks for.
            record["reauthenticated"] = True
        request.session["second_factor"] = any(r.get("method") == "mfa" for r in records)
        actions.record_sign_in(actor=SYSTEM, account=user.pk, signed_in=True)

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Show this browser in the language and print size of the account."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        set_cookies(response, user.language, user.large_print)
        return response

    def set_password(self, user: Account, password: str) -> None:
        """Set one's own password through the action that logs it."""
        user.password = actions.change_own_password(
            actor=actor_of(self.request), account=user.pk, password=password
        )
        user.must_change_password = False


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors: secrets are sealed, and staff cannot do without."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("口令不对或已过期，请输入手机上现在显示的 6 位数字"),
        "cannot_delete_authenticator": gettext_lazy("工作人员不能取消动态口令"),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return base64.b64encode(crypto.seal(text, _SECRET)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return crypto.open_sealed(base64.b64decode(encrypted_text), _SECRET)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff cannot take their own second factor away."""
        account = queries.get_account(authenticator.user_id)
        return account is not None and not account.is_staff_member

    def get_totp_label(self, user: Account) -> str:
        """Return the label in the authenticator app: the user name, never a phone."""
        return user.username
