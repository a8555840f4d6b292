"""Who acts: an account's posts of today with the powers of their roles, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongzhi.kernel import clock, sql
from gongzhi.kernel.actor import ANONYMOUS, Actor, PostHeld
from gongzhi.kernel.held import Held
from gongzhi.kernel.languages import in_language
from gongzhi.organisations.models import Role, RoleBook
from gongzhi.people import queries as people


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """A role as every process holds it in memory."""

    key: str
    names: dict[str, str]
    levels: tuple[int, ...]
    organisation_kinds: tuple[str, ...]
    powers: frozenset[str]
    single: bool
    apart: str | None
    retired: bool

    @property
    def name(self) -> str:
        """The role's name in the reader's language, Chinese where there is no other."""
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class Book:
    """All roles as one file said them, in its order; the digest tells one such state."""

    digest: str
    roles: dict[str, RoleInfo]


_held: dict[str, Book] = {}


def _read_present(_all: list[str]) -> dict[str, str]:
    return {_BOOK: RoleBook.objects.values_list("digest", flat=True).first() or ""}


_BOOK = "book"
_present = Held(_read_present, changed_by=("organisations.definitions_loaded",), seconds=2)


def _read_book(digest: str) -> Book:
    roles = {
        role.key: RoleInfo(
            role.key,
            dict(role.names),
            tuple(role.levels),
            tuple(role.organisation_kinds),
            frozenset() if role.retired else frozenset(role.powers),
            role.single,
            role.apart,
            role.retired,
        )
        for role in Role.objects.order_by("position", "key")
    }
    return Book(digest, roles)


def role_book(digest: str | None = None) -> Book:
    """Return the roles, from memory while *digest* is the one held; None: that of a moment ago."""
    wanted = _present.one(_BOOK) or "" if digest is None else digest
    book = _held.get("book")
    if book is None or book.digest != wanted:
        book = _held["book"] = _read_book(wanted)
    return book


def role_names() -> dict[str, str]:
    """Return every role's name in the reader's language."""
    return {key: role.name for key, role in role_book().roles.items()}


def role_name(role: str) -> str:
    """Return a role's name, or its key when it is in no file any more."""
    return role_names().get(role, role)


def actor_for(account_id: int, scopes: frozenset[str] | None = None) -> Actor:
    """Return the account as an actor with the posts held today; nobody when it is closed."""
    found = _standing(account_id, None)
    return _actor(found, scopes) if found else ANONYMOUS


def actor_for_token(raw: str) -> Actor | None:
    """Return whom a token stands for, narrowed to its scopes; None when it is not valid now."""
    if not raw.startswith(people.PREFIX):
        return None
    found = _standing(None, people.token_digest(raw))
    return _actor(found, frozenset(found["scopes"])) if found else None


def _standing(account: int | None, token: bytes | None) -> dict[str, Any] | None:
    given = {"account": account, "token": token, "on": clock.today(), "now": clock.now()}
    return sql.row("organisations", "actor", given)


def _actor(found: dict[str, Any], scopes: frozenset[str] | None) -> Actor:
    book = role_book(found["digest"] or "")
    posts = tuple(_post(book, *held) for held in found["posts"])
    return Actor("person", found["account"], found["display_name"], posts, scopes)


def _post(book: Book, id_: int, role: str, area: str | None, *rest: Any) -> PostHeld:
    organisation, deputy = rest
    info = book.roles.get(role)
    powers = info.powers if info else frozenset()
    return PostHeld(id_, role, area, organisation, powers, deputy)
