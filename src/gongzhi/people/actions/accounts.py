"""Opening, changing, closing accounts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import clock, codes, crypto
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.policy import require
from gongzhi.people import policies
from gongzhi.people.actions.personal_data import refresh_expiry, write_personal_data
from gongzhi.people.choices import LANGUAGES
from gongzhi.people.errors import AccountUnknown, PasswordRefused, UserNameTaken
from gongzhi.people.facts import AccountChanged, AccountClosed, AccountOpened, AccountReopened
from gongzhi.people.models import Account

_USER_NAME = re.compile(r"^[a-z][a-z0-9_.-]{2,59}$")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What opens an account. Without a password nobody can sign in until one is set.

    `display_name` is the name on duty, shown to colleagues; without one it is the masked name.
    `personal` holds name, phone, id_number, address, as far as they are needed.
    """

    username: str
    area: str
    display_name: str = ""
    is_staff_member: bool = False
    password: str = field(default="", repr=False)
    must_change_password: bool = False
    is_demo: bool = False
    personal: dict[str, str] = field(default_factory=dict, repr=False)


def locked_account(account: int) -> Account:
    """Return an account held for this transaction; raise `AccountUnknown`."""
    found = Account.objects.select_for_update(of=("self",)).filter(pk=account).first()
    if found is None:
        raise AccountUnknown()
    return found


def check_password_rules(password: str, account: Account) -> None:
    """Raise `PasswordRefused` with every rule that *password* breaks."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise PasswordRefused("；".join(error.messages), field="password") from error


def _user_name(given: str) -> str:
    name = given.strip().lower()
    if not _USER_NAME.match(name):
        raise InvalidInput(
            _("用户名写法有误"),
            field="username",
            mend=_("以字母开头，用 3 到 60 个小写字母、数字、点、横线或下划线"),
        )
    return name


@action
def open_account(*, actor: Actor, new: NewAccount) -> int:
    """Open an account and return its id.

    Raises `NotAllowed`, `InvalidInput`, `UserNameTaken`, `AlreadyKnown`, `PasswordRefused`.
    """
    codes.check(new.area)
    require(policies.can_open_account(actor, new.area))
    name = _user_name(new.username)
    account = Account(
        username=name,
        display_name=_display_name(new.display_name, new.personal.get("name", "")) or name,
        area=new.area,
        is_staff_member=new.is_staff_member,
        is_demo=new.is_demo,
        must_change_password=new.must_change_password,
        created_at=clock.now(),
    )
    if new.password:
        check_password_rules(new.password, account)
    account.password = make_password(new.password or None)
    _insert(account)
    write_personal_data(account, new.personal)
    emit(AccountOpened(account=account.pk, staff=new.is_staff_member), area=account.area)
    return int(account.pk)


def _insert(account: Account) -> None:
    """Save a new account; of two with one name at once, the unique index lets one in."""
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise UserNameTaken(field="username", mend=_("请换一个用户名")) from error


def _display_name(given: str, name: str) -> str:
    shown = given.strip() or crypto.mask_name(name.strip())
    if len(shown) > 60 or not shown.isprintable():  # the column's length
        raise InvalidInput(
            _("显示名称不能超过 60 个字"), field="display_name", mend=_("请写得短一些")
        )
    return shown


@action
def change_account(*, actor: Actor, account: int, changes: dict[str, Any]) -> None:
    """Change display_name or area, or make a resident staff; raises `NotAllowed`, `InvalidInput`.

    Staff stay staff: who could hold a post never gets around the second factor. Close instead.
    """
    found = locked_account(account)
    require(policies.can_manage_account(actor, found))
    changed = []
    if "area" in changes and changes["area"] != found.area:
        require(policies.can_open_account(actor, codes.check(changes["area"])))
        found.area = changes["area"]
        changed.append("area")
    if "display_name" in changes and changes["display_name"] != found.display_name:
        found.display_name = _display_name(changes["display_name"], "") or found.username
        changed.append("display_name")
    if changes.get("is_staff_member") and not found.is_staff_member:
        found.is_staff_member = True
        changed.append("is_staff_member")
    if changed:
        found.save(update_fields=changed)
        emit(AccountChanged(account=found.pk, changed=tuple(changed)), area=found.area)


@action
def close_account(*, actor: Actor, account: int) -> None:
    """Close an account: its sessions and tokens stop at once, its data begins to expire."""
    found = locked_account(account)
    require(policies.can_close_account(actor, found))
    if not found.is_active:
        return
    found.is_active = False
    found.closed_at = clock.now()
    found.save(update_fields=["is_active", "closed_at"])
    found.tokens.filter(revoked_at=None).update(revoked_at=clock.now())
    refresh_expiry(found)
    emit(AccountClosed(account=found.pk), area=found.area)


@action
def reopen_account(*, actor: Actor, account: int) -> None:
    """Open a closed account again; revoked tokens stay revoked."""
    found = locked_account(account)
    require(policies.can_manage_account(actor, found))
    if found.is_active:
        return
    found.is_active = True
    found.closed_at = None
    found.save(update_fields=["is_active", "closed_at"])
    refresh_expiry(found)
    emit(AccountReopened(account=found.pk), area=found.area)


@action
def set_preferences(*, actor: Actor, language: str, large_print: bool) -> None:
    """Keep the actor's own language and print size; raises `InvalidInput`, `NotAllowed`."""
    require(policies.can_own(actor, actor.account or 0))
    if language not in dict(LANGUAGES):
        raise InvalidInput(_("没有这种语言"), field="language", mend=_("请从列表中选择"))
    Account.objects.filter(pk=actor.account or 0).update(language=language, large_print=large_print)
