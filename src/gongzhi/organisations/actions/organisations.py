"""Founding, changing and abolishing organisations; what was is kept as spells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.policy import require
from gongzhi.organisations import policies
from gongzhi.organisations.actions.refusals import refusals
from gongzhi.organisations.errors import OrganisationUnknown, PlaceRefused
from gongzhi.organisations.facts import (
    OrganisationAbolished,
    OrganisationChanged,
    OrganisationEstablished,
)
from gongzhi.organisations.models import (
    Organisation,
    OrganisationKind,
    OrganisationSpell,
    OrganisationSuccession,
)


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What founds an organisation; without a date it is founded today."""

    kind: str
    name: str
    area: str
    parent: int | None = None
    code: str | None = None
    valid_from: date | None = None


def locked_organisation(organisation: int) -> Organisation:
    """Return an organisation held for this transaction; raise `OrganisationUnknown`."""
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=organisation).first()
    if found is None:
        raise OrganisationUnknown()
    return found


def _name(given: str) -> str:
    name = given.strip()
    if not 0 < len(name) <= 120 or not name.isprintable():  # the column's length
        raise InvalidInput(_("组织名称不能为空或超过 120 字"), field="name", mend=_("请填写全称"))
    return name


def _check_parent(kind: OrganisationKind, parent: int | None) -> None:
    """Say what the trigger would refuse, naming both kinds."""
    if parent is None and kind.may_be_root:
        return
    above = Organisation.objects.filter(pk=parent or 0).select_related("kind").first()
    if parent is not None and above is None:
        raise OrganisationUnknown(field="parent")
    if above is None or above.kind_id not in kind.parents:
        names = dict(OrganisationKind.objects.values_list("key", "names__zh"))
        under = "、".join(names.get(key, key) for key in kind.parents) or _("（不设上级）")
        raise PlaceRefused(
            _("%(kind)s不能设在%(above)s之下")
            % {
                "kind": kind.names["zh"],
                "above": above.kind.names["zh"] if above else _("顶层"),
            },
            field="parent",
            mend=_("上级须为：%(kinds)s") % {"kinds": under},
        )


@action
def establish_organisation(*, actor: Actor, new: NewOrganisation) -> int:
    """Found an organisation under one of the kinds its own kind allows; return its id.

    Raises `NotAllowed`, `InvalidInput`, `PlaceRefused`, `AreaUnknown`.
    """
    areas.get_area(new.area)
    require(policies.can_manage_organisation(actor, new.area))
    kind = OrganisationKind.objects.filter(pk=new.kind).first()
    if kind is None:
        raise InvalidInput(_("没有这种组织类型"), field="kind", mend=_("请从列表中选择"))
    _check_parent(kind, new.parent)
    founded = new.valid_from or clock.today()
    with refusals():
        made = Organisation.objects.create(
            kind=kind,
            name=_name(new.name),
            code=new.code or None,
            area=new.area,
            parent_id=new.parent,
            since=founded,
            valid_from=founded,
        )
    fact = OrganisationEstablished(made.pk, kind.key, new.parent, founded)
    emit(fact, area=new.area)
    return int(made.pk)


@action
def change_organisation(
    *,
    actor: Actor,
    organisation: int,
    name: str | None = None,
    parent: int | None = None,
    on: date | None = None,
    document: str = "",
) -> None:
    """Rename or hang elsewhere from a day on (today); what was before is kept as a spell.

    Raises `NotAllowed`, `PlaceRefused`, and `InvalidInput` for a day before the last change.
    """
    found = locked_organisation(organisation)
    require(policies.can_manage_organisation(actor, found.area))
    day = on or clock.today()
    new_name = _name(name) if name is not None else found.name
    new_parent = parent if parent is not None else found.parent_id
    changed = [
        *(["name"] if new_name != found.name else []),
        *(["parent"] if new_parent != found.parent_id else []),
    ]
    if not changed:
        return
    if new_parent != found.parent_id:
        _check_parent(found.kind, new_parent)
    _keep_spell(found, day, document)
    found.name, found.parent_id, found.since = new_name, new_parent, day
    with refusals():
        found.save(update_fields=["name", "parent", "since"])
    emit(OrganisationChanged(found.pk, tuple(changed), day), area=found.area)


def _keep_spell(found: Organisation, day: date, document: str) -> None:
    if day < found.since or (found.valid_to and day >= found.valid_to):
        raise InvalidInput(_("日期早于上一次变更，或晚于撤销日"), field="on", mend=_("请改日期"))
    if day == found.since:
        return
    OrganisationSpell.objects.create(
        organisation=found,
        name=found.name,
        area=found.area,
        parent_id=found.parent_id,
        document=document[:120],
        valid_from=found.since,
        valid_to=day,
    )


@action
def abolish_organisation(
    *,
    actor: Actor,
    organisation: int,
    on: date | None = None,
    successor: int | None = None,
    document: str = "",
) -> None:
    """Abolish an organisation from a day on (today); it and its past stay readable.

    Raises `NotAllowed`, `StillInUse` while it has children or posts, `InvalidInput`.
    """
    found = locked_organisation(organisation)
    require(policies.can_manage_organisation(actor, found.area))
    day = on or clock.today()
    if found.valid_to is not None:
        raise InvalidInput(_("这个组织已经撤销"), field="on", mend=_("不需要再次撤销"))
    if day < found.since:
        raise InvalidInput(_("撤销日早于上一次变更"), field="on", mend=_("请改日期"))
    found.valid_to = day
    with refusals():
        found.save(update_fields=["valid_to"])
    if successor is not None:
        _record_successor(found, successor, day, document)
    emit(OrganisationAbolished(found.pk, successor, day), area=found.area)


def _record_successor(found: Organisation, successor: int, day: date, document: str) -> None:
    if successor == found.pk or not Organisation.objects.filter(pk=successor).exists():
        raise OrganisationUnknown(field="successor", mend=_("请选承接的组织"))
    OrganisationSuccession.objects.create(
        predecessor=found, successor_id=successor, document=document[:120], on=day
    )
