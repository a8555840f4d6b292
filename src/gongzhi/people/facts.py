"""Kinds of fact the people app emits: ids and codes, never data about a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class AccountOpened(Fact):
    """An account was opened."""

    kind: ClassVar[str] = "people.account_opened"
    account: int
    staff: bool


@dataclass(frozen=True, slots=True)
class AccountChanged(Fact):
    """An account's public side was changed."""

    kind: ClassVar[str] = "people.account_changed"
    account: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountClosed(Fact):
    """An account was closed: nobody signs in with it any more."""

    kind: ClassVar[str] = "people.account_closed"
    account: int


@dataclass(frozen=True, slots=True)
class AccountReopened(Fact):
    """A closed account was opened again."""

    kind: ClassVar[str] = "people.account_reopened"
    account: int


@dataclass(frozen=True, slots=True)
class PersonalDataStored(Fact):
    """Fields of personal data were entered, corrected or removed."""

    kind: ClassVar[str] = "people.personal_data_stored"
    account: int
    stored: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonalDataErased(Fact):
    """Personal data was erased because its time was over."""

    kind: ClassVar[str] = "people.personal_data_erased"
    account: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revealed(Fact):
    """Somebody looked at unmasked personal data; the words of the reason are in the record."""

    kind: ClassVar[str] = "people.revealed"
    account: int
    reveal: int
    fields: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class PasswordSet(Fact):
    """A password was set, by its owner or for somebody else."""

    kind: ClassVar[str] = "people.password_set"
    account: int
    own: bool


@dataclass(frozen=True, slots=True)
class SecondFactorSet(Fact):
    """The second factor was set up."""

    kind: ClassVar[str] = "people.second_factor_set"
    account: int


@dataclass(frozen=True, slots=True)
class SecondFactorReset(Fact):
    """The second factor was taken away, to be set up anew."""

    kind: ClassVar[str] = "people.second_factor_reset"
    account: int


@dataclass(frozen=True, slots=True)
class SignedIn(Fact):
    """Somebody signed in: for the security log alone, no measure may count it."""

    kind: ClassVar[str] = "people.signed_in"
    account: int


@dataclass(frozen=True, slots=True)
class SignInRefused(Fact):
    """A password was wrong for an account that exists, or tries ran out."""

    kind: ClassVar[str] = "people.sign_in_refused"
    account: int | None
    locked: bool


@dataclass(frozen=True, slots=True)
class TokenIssued(Fact):
    """An API token was issued."""

    kind: ClassVar[str] = "people.token_issued"
    account: int
    token: int
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenRevoked(Fact):
    """An API token was revoked."""

    kind: ClassVar[str] = "people.token_revoked"
    account: int
    token: int
