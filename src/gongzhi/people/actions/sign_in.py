"""Passwords, second factors, and the guard against guessing them."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from gongzhi.kernel import crypto
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.people import policies
from gongzhi.people.actions.accounts import check_password_rules, locked_account
from gongzhi.people.actions.tries import Limit, count_tries, forget_tries
from gongzhi.people.errors import AccountUnknown
from gongzhi.people.facts import (
    PasswordSet,
    SecondFactorReset,
    SecondFactorSet,
    SignedIn,
    SignInRefused,
)
from gongzhi.people.models import Account
from gongzhi.people.queries.places import home_area

# What is counted: a login from one address, a login from anywhere, an address.
PAIR = Limit(5, 15 * 60)
LOGIN = Limit(20, 60 * 60)
ADDRESS = Limit(100, 15 * 60)


def _key(name: str, *parts: str) -> bytes:
    return crypto.blind_index("\x1f".join((name, *parts)), "people.sign_in")


@action
def count_sign_in_try(*, actor: Actor, login: str, address: str) -> datetime | None:
    """Count a try before the password is looked at; return until when it is refused, or None."""
    login = crypto.normal(login)
    limits = {
        _key("pair", login, address): PAIR,
        _key("login", login): LOGIN,
        _key("address", address): ADDRESS,
    }
    exceeded = count_tries(actor=actor, limits=limits)
    for one in exceeded:
        if one.first:
            emit(SignInRefused(account=None, locked=True), area=home_area())
    return max((one.until for one in exceeded), default=None)


@action
def forget_sign_in_tries(*, actor: Actor, login: str, address: str) -> None:
    """Forget the tries of somebody who has signed in; those of the address stay."""
    login = crypto.normal(login)
    forget_tries(actor=actor, keys=[_key("pair", login, address), _key("login", login)])


@action
def record_sign_in(*, actor: Actor, account: int, signed_in: bool) -> None:
    """Put a sign-in or a wrong password into the security log."""
    area = Account.objects.filter(pk=account).values_list("area", flat=True).first()
    if area is None:
        raise AccountUnknown()
    fact = SignedIn(account=account) if signed_in else SignInRefused(account=account, locked=False)
    emit(fact, area=area)


@action
def change_own_password(*, actor: Actor, account: int, password: str) -> str:
    """Set the actor's own password and return its hash; raises `PasswordRefused`, `NotAllowed`.

    The caller has checked the present password or a fresh sign-in.
    """
    require(policies.can_own(actor, account))
    found = locked_account(account)
    check_password_rules(password, found)
    _set(found, password, must_change=False)
    emit(PasswordSet(account=found.pk, own=True), area=found.area)
    return str(found.password)


@action
def reset_password(*, actor: Actor, account: int, password: str) -> None:
    """Set somebody's password for one sign-in: it must be changed then.

    Raises `NotAllowed`, `PasswordRefused`. Open sessions of the account end with the old hash.
    """
    found = locked_account(account)
    require(policies.can_reset_sign_in(actor, found))
    check_password_rules(password, found)
    _set(found, password, must_change=True)
    emit(PasswordSet(account=found.pk, own=False), area=found.area)


def _set(account: Account, password: str, *, must_change: bool) -> None:
    account.password = make_password(password)
    account.must_change_password = must_change
    account.save(update_fields=["password", "must_change_password"])


@action
def reset_second_factor(*, actor: Actor, account: int) -> None:
    """Take the second factor away, for somebody who lost the phone; raises `NotAllowed`."""
    found = locked_account(account)
    require(policies.can_reset_sign_in(actor, found))
    if Authenticator.objects.filter(user_id=found.pk).delete()[0]:
        emit(SecondFactorReset(account=found.pk), area=found.area)


@action
def record_second_factor(*, actor: Actor, account: int) -> None:
    """Put into the log that the second factor was set up."""
    area = Account.objects.filter(pk=account).values_list("area", flat=True).first()
    if area is None:
        raise AccountUnknown()
    emit(SecondFactorSet(account=account), area=area)
