"""Signing in and out, passwords and second factors: allauth's views behind our access rules."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.http import HttpResponse

from gongzhi.kernel.access import access, actor_of
from gongzhi.people import actions, queries


class SignIn(account.LoginView):  # type: ignore[misc]  # allauth has no types
    """The sign-in page; in a demonstration it names the personas."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what a demonstration shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["demo"] = settings.GONGZHI_DEMO
        context["personas"] = queries.demo_personas() if settings.GONGZHI_DEMO else []
        return context


class ActivateTotp(totp.ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Setting up the second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Record that it was set up; the session counts as complete."""
        response: HttpResponse = super().form_valid(form)
        actor = actor_of(self.request)
        actions.record_second_factor(actor=actor, account=self.request.user.pk)
        self.request.session["second_factor"] = True
        return response


sign_in = access(face="public")(SignIn.as_view())
sign_out = access(face="public")(account.logout)
inactive = access(face="public")(account.account_inactive)
enter_code = access(face="public")(mfa.authenticate)
confirm_password = access(face="account")(account.reauthenticate)
confirm_code = access(face="account")(mfa.reauthenticate)
change_password = access(face="account")(account.password_change)
second_factor = access(face="account")(mfa.index)
activate_totp = access(face="account")(ActivateTotp.as_view())
deactivate_totp = access(face="account")(totp.deactivate_totp)
recovery_codes = access(face="account")(codes.view_recovery_codes)
generate_codes = access(face="account")(codes.generate_recovery_codes)
download_codes = access(face="account")(codes.download_recovery_codes)
