"""Checks a password for a user name or a phone, found through its blind index."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from gongzhi.people import queries
from gongzhi.people.models import Account


class AccountBackend(BaseBackend):
    """Signs in open accounts; an unknown name costs the same time as a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # Django's signature
        username: str | None = None,
        password: str | None = None,
        **_more: Any,
    ) -> Account | None:
        """Return the account, or None for an unknown login, a wrong password, a closed account."""
        if not username or not password:
            return None
        account = queries.find_by_login(username)
        if account is None:
            make_password(password)
            return None
        if not account.check_password(password) or not account.is_active:
            return None
        return account

    def get_user(self, user_id: int) -> Account | None:
        """Return the account behind a session; None once it has been closed."""
        account = queries.get_account(user_id)
        return account if account is not None and account.is_active else None
