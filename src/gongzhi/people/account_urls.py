"""Addresses of sign-in: only those of allauth's pages that we use, each with its access."""

from django.urls import path

from gongzhi.people.pages import entrance

urlpatterns = [
    path("login/", entrance.sign_in, name="account_login"),
    path("logout/", entrance.sign_out, name="account_logout"),
    path("inactive/", entrance.inactive, name="account_inactive"),
    path("reauthenticate/", entrance.confirm_password, name="account_reauthenticate"),
    path("password/change/", entrance.change_password, name="account_change_password"),
    path("2fa/", entrance.second_factor, name="mfa_index"),
    path("2fa/authenticate/", entrance.enter_code, name="mfa_authenticate"),
    path("2fa/reauthenticate/", entrance.confirm_code, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", entrance.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", entrance.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", entrance.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        entrance.generate_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        entrance.download_codes,
        name="mfa_download_recovery_codes",
    ),
]
