"""Accounts, their encrypted personal data, tokens, and the guard against guessing passwords."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gongzhi.people.choices import FIELDS, REVEAL_REASONS


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name; accounts are made by actions alone."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account with this user name, in any case of letters."""
        return self.get(username=(username or "").lower())


class Account(AbstractBaseUser):
    """A person who can sign in. Personal data is kept beside it, sealed, never in it.

    `area` is the area that keeps the account: who may see people there, sees it.
    """

    last_login: ClassVar[Any] = None  # type: ignore[misc]  # no record of presence

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    area = models.CharField(max_length=20, db_collation="C")
    is_staff_member = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    large_print = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("账号")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="people_username_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=True) | models.Q(closed_at__isnull=False),
                name="people_closed_has_date",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["display_name", "id"], name="people_by_display_name"),
            models.Index(fields=["area"], name="people_by_area"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. Never writes: a hash is renewed by actions alone."""
        return check_password(raw_password or "", self.password)


class PersonalDatum(models.Model):
    """One piece of somebody's personal data, sealed, with the day on which it must be erased."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="personal_data")
    field = models.CharField(max_length=20, choices=FIELDS)
    sealed = models.BinaryField()
    index = models.BinaryField(null=True)
    stored_at = models.DateTimeField()
    keep_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "field"], name="people_datum_once"),
            models.UniqueConstraint(
                fields=["field", "index"],
                condition=models.Q(field__in=("phone", "id_number")),
                name="people_datum_identifies_one",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["keep_until"], name="people_datum_expiry"),
            models.Index(fields=["field", "index"], name="people_datum_lookup"),
        ]


class Reveal(models.Model):
    """One look at unmasked personal data: by whom, at what, why. Nothing erases or edits it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="reveals")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    fields = ArrayField(models.CharField(max_length=20))
    reason = models.CharField(max_length=20, choices=REVEAL_REASONS)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-at"], name="people_reveal_of_account"),
        ]


class ApiToken(models.Model):
    """A key for a program: only its digest is kept; it reaches no further than its scopes."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    hint = models.CharField(max_length=12)
    digest = models.BinaryField(unique=True)
    scopes = ArrayField(models.CharField(max_length=60))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="people_token_expires",
            ),
        ]


class TryGuard(models.Model):
    """How often something secret was tried for one key (a login, a reference, an address)."""

    key = models.BinaryField(primary_key=True)
    tries = models.IntegerField()
    window_ends = models.DateTimeField()
