"""Every write to accounts, personal data, tokens and the sign-in guard."""

from __future__ import annotations

from gongzhi.people.actions.accounts import (
    NewAccount,
    change_account,
    close_account,
    open_account,
    reopen_account,
    set_preferences,
)
from gongzhi.people.actions.personal_data import (
    erase_expired_data,
    reveal_personal_data,
    seal_anew,
    store_personal_data,
)
from gongzhi.people.actions.sign_in import (
    change_own_password,
    count_sign_in_try,
    forget_sign_in_tries,
    record_second_factor,
    record_sign_in,
    reset_password,
    reset_second_factor,
)
from gongzhi.people.actions.tokens import IssuedToken, issue_token, revoke_token
from gongzhi.people.actions.tries import Limit, count_tries, forget_tries, sweep_tries

__all__ = [
    "IssuedToken",
    "Limit",
    "NewAccount",
    "change_account",
    "change_own_password",
    "close_account",
    "count_sign_in_try",
    "count_tries",
    "erase_expired_data",
    "forget_sign_in_tries",
    "forget_tries",
    "issue_token",
    "open_account",
    "record_second_factor",
    "record_sign_in",
    "reopen_account",
    "reset_password",
    "reset_second_factor",
    "reveal_personal_data",
    "revoke_token",
    "seal_anew",
    "set_preferences",
    "store_personal_data",
    "sweep_tries",
]
