"""Loading roles and kinds of organisation from data files; loading twice changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import F

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import LENGTHS
from gongzhi.kernel.policy import require
from gongzhi.organisations import policies
from gongzhi.organisations.actions.refusals import refusals
from gongzhi.organisations.definitions import (
    KindDefinition,
    RoleDefinition,
    parse_kinds,
    parse_roles,
)
from gongzhi.organisations.facts import DefinitionsLoaded
from gongzhi.organisations.models import OrganisationKind, Post, Role, RoleBook
from gongzhi.people import queries as people


@dataclass(frozen=True, slots=True)
class Changes:
    """What loading a file changed, or would change."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)


def _compare(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> Changes:
    return Changes(
        tuple(key for key in new if key not in old),
        tuple(key for key in new if key in old and old[key] != new[key]),
        tuple(key for key in old if key not in new),
    )


def _levels(names: Sequence[str]) -> list[int]:
    return [LENGTHS[name] for name in names]  # type: ignore[index]  # checked by the parser


def _kind_row(kind: KindDefinition, position: int) -> dict[str, Any]:
    return {
        "names": kind.names,
        "parents": list(kind.parents),
        "may_be_root": kind.root,
        "levels": _levels(kind.levels),
        "party": kind.party,
        "position": position,
    }


@action
def load_organisation_kinds(
    *, actor: Actor, kinds: Sequence[KindDefinition], dry_run: bool = False
) -> Changes:
    """Load the kinds of organisation; one that is gone from the file stays for what stands.

    Raises `NotAllowed`.
    """
    require(policies.can_load_definitions(actor))
    new = {kind.key: _kind_row(kind, at) for at, kind in enumerate(kinds)}
    old = {
        row.pop("key"): row
        for row in OrganisationKind.objects.values("key", *next(iter(new.values()), {}))
    }
    changes = _compare(old, new)
    if dry_run or not (changes.added or changes.changed):
        return changes
    for key in (*changes.added, *changes.changed):
        OrganisationKind.objects.update_or_create(key=key, defaults=new[key])
    _record("organisation_kinds", changes)
    return changes


def _role_row(role: RoleDefinition, position: int) -> dict[str, Any]:
    return {
        "names": role.names,
        "levels": _levels(role.levels),
        "organisation_kinds": list(role.organisation_kinds),
        "powers": sorted(role.powers),
        "single": role.single,
        "apart": role.apart,
        "position": position,
        "retired": False,
    }


@action
def load_roles(*, actor: Actor, roles: Sequence[RoleDefinition], dry_run: bool = False) -> Changes:
    """Load the roles; one that is gone from the file is retired: its posts give no power.

    Every process sees the new powers with the next request. Raises `NotAllowed`, and
    `RoleTaken` or `RolesApart` when running posts break a rule that the file adds.
    """
    require(policies.can_load_definitions(actor))
    new = {role.key: _role_row(role, at) for at, role in enumerate(roles)}
    fields = next(iter(new.values()), {})
    rows = {row.pop("key"): row for row in Role.objects.values("key", *fields)}
    gone = [key for key, row in rows.items() if key not in new and row["retired"]]
    changes = _compare({k: row for k, row in rows.items() if k not in gone}, new)
    if dry_run or not changes:
        return changes
    for key in (*changes.added, *changes.changed):
        Role.objects.update_or_create(key=key, defaults=new[key])
    Role.objects.filter(key__in=changes.retired).update(retired=True)
    _carry_rules(changes.changed, new)
    _next_version(new)
    _record("roles", changes)
    return changes


def _carry_rules(changed: Sequence[str], new: dict[str, dict[str, Any]]) -> None:
    """Let posts follow a role's rules, so that the constraints know them."""
    for key in changed:
        with refusals():
            Post.objects.filter(role=key).update(single=new[key]["single"], apart=new[key]["apart"])


def _next_version(new: dict[str, dict[str, Any]]) -> None:
    digest = hashlib.sha256(repr(sorted(new.items())).encode()).hexdigest()
    made = {"version": 1, "digest": digest, "loaded_at": clock.now()}
    book, created = RoleBook.objects.get_or_create(pk=1, defaults=made)
    if not created:
        RoleBook.objects.filter(pk=book.pk).update(
            version=F("version") + 1, digest=digest, loaded_at=clock.now()
        )


def _record(what: str, changes: Changes) -> None:
    fact = DefinitionsLoaded(what, changes.added, changes.changed, changes.retired)
    emit(fact, area=people.home_area())


def read_definitions(
    folders: Sequence[Path],
) -> tuple[tuple[KindDefinition, ...], tuple[RoleDefinition, ...]]:
    """Read both files from the base folder and then the district's, whose entries win by id.

    Raises `DefinitionsInvalid` with file, line and mend of every fault.
    """
    kinds: dict[str, KindDefinition] = {}
    roles: dict[str, RoleDefinition] = {}
    for folder in folders:
        path = folder / "organisation_kinds.yaml"
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            kinds |= {kind.key: kind for kind in parse_kinds(text, str(path), kinds)}
    for folder in folders:
        path = folder / "roles.yaml"
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            roles |= {role.key: role for role in parse_roles(text, str(path), kinds)}
    return tuple(kinds.values()), tuple(roles.values())


@action
def load_district_definitions(
    *, actor: Actor, folders: Sequence[Path], dry_run: bool = False
) -> dict[str, Changes]:
    """Load kinds and roles of the base folder and the district's in one go; idempotent."""
    kinds, roles = read_definitions(folders)
    return {
        "organisation_kinds": load_organisation_kinds(actor=actor, kinds=kinds, dry_run=dry_run),
        "roles": load_roles(actor=actor, roles=roles, dry_run=dry_run),
    }
