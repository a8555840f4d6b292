"""Writes to what stands beside the tree: aliases of other schemes, named sets of areas."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from gongzhi.areas.actions.writing import take_current
from gongzhi.areas.errors import AliasUnknown, AreaSetUnknown
from gongzhi.areas.facts import AliasEnded, AliasSet, AreaSetEnded, AreaSetSaved
from gongzhi.areas.models import AreaAlias, AreaSet, AreaSetMember
from gongzhi.areas.policies import can_manage
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.policy import require


def _alone(*key: str) -> None:
    """Let writes under one key follow each other: a row that is not yet there locks nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", ["\n".join(key)])


@action
def set_alias(*, actor: Actor, scheme: str, foreign_code: str, code: str, on: date) -> None:
    """Let a code of another scheme mean *code* from a day on; before, it means what it meant.

    Raises `AreaUnknown`, `InvalidInput`, `NotAllowed`. Setting the same again changes nothing.
    """
    scheme, foreign_code = scheme.strip(), foreign_code.strip()
    require(can_manage(actor, [code]))
    take_current([code])
    if not (scheme and foreign_code):
        raise InvalidInput(_("编码体系和外部代码都要填写"), field="foreign_code", mend=_("请补全"))
    _alone("areas.alias", scheme, foreign_code)
    same = AreaAlias.objects.filter(scheme=scheme, foreign_code=foreign_code)
    newest = same.order_by("-valid_from").first()
    if newest and newest.valid_to is None:
        if newest.code == code:
            return
        require(can_manage(actor, [newest.code]))
        _end_alias(newest, on)
    elif newest and newest.valid_to and newest.valid_to > on:
        raise _too_early(newest.valid_to)
    AreaAlias.objects.create(scheme=scheme, foreign_code=foreign_code, code=code, valid_from=on)
    emit(AliasSet(scheme, foreign_code, code), area=code)


@action
def end_alias(*, actor: Actor, alias: int, on: date) -> None:
    """Let a code of another scheme mean nothing from a day on.

    Raises `AliasUnknown`, `InvalidInput`, `NotAllowed`.
    """
    found = AreaAlias.objects.select_for_update().filter(pk=alias, valid_to=None).first()
    if found is None:
        raise AliasUnknown()
    require(can_manage(actor, [found.code]))
    _end_alias(found, on)
    emit(AliasEnded(found.scheme, found.foreign_code, found.code), area=found.code)


def _end_alias(alias: AreaAlias, on: date) -> None:
    if alias.valid_from >= on:
        raise InvalidInput(
            _("日期须晚于原对应关系的启用日期"), field="on", mend=_("请改为较晚的日期")
        )
    AreaAlias.objects.filter(pk=alias.pk).update(valid_to=on)


def _too_early(day: date) -> InvalidInput:
    return InvalidInput(
        _("早于 %(day)s 的已有记录，不能改写过去") % {"day": day},
        field="on",
        mend=_("请改为 %(day)s 或以后") % {"day": day},
    )


@action
def save_area_set(*, actor: Actor, name: str, kind: str, members: Collection[str], on: date) -> int:
    """Make the named set, or change its members from a day on. Returns the set's id.

    Who changes a set must manage every area that is or becomes its member. Raises `AreaUnknown`,
    `InvalidInput`, `NotAllowed`.
    """
    name, kind, wanted = name.strip(), kind.strip(), set(members)
    require(can_manage(actor, wanted))
    if not (wanted and name and kind):
        raise InvalidInput(
            _("请填写名称和类别，并至少选一个区域"), field="members", mend=_("请补全")
        )
    found = _set_to_change(name, kind, on)
    current = AreaSetMember.objects.select_for_update().filter(area_set=found, valid_to=None)
    have = set(current.values_list("code", flat=True))
    require(can_manage(actor, have))
    take_current(sorted(wanted - have))
    gone = current.filter(code__in=have - wanted)
    gone.filter(valid_from__gte=on).delete()
    gone.filter(valid_from__lt=on).update(valid_to=on)
    _join(found, wanted - have, on)
    if have != wanted:
        emit(AreaSetSaved(found.id, len(wanted)), area=min(wanted))
    return found.id


def _set_to_change(name: str, kind: str, on: date) -> AreaSet:
    """Return the set as it stands, locked, or a new one; refuse a day before its own days."""
    _alone("areas.set", kind, name)
    same = AreaSet.objects.select_for_update().filter(name=name, kind=kind)
    newest = same.order_by("-valid_from").first()
    if newest is None or newest.valid_to is not None:
        if newest and newest.valid_to and newest.valid_to > on:
            raise _too_early(newest.valid_to)
        return AreaSet.objects.create(name=name, kind=kind, valid_from=on)
    if on < newest.valid_from:
        raise _too_early(newest.valid_from)
    return newest


def _join(area_set: AreaSet, codes: Collection[str], on: date) -> None:
    """Let areas belong to a set from a day on; refuse a day inside an earlier membership."""
    before = AreaSetMember.objects.filter(area_set=area_set, code__in=codes, valid_to__gt=on)
    last = before.order_by("-valid_to").values_list("valid_to", flat=True).first()
    if last is not None:
        raise _too_early(last)
    AreaSetMember.objects.bulk_create(
        AreaSetMember(area_set=area_set, code=code, valid_from=on) for code in sorted(codes)
    )


@action
def end_area_set(*, actor: Actor, area_set: int, on: date) -> None:
    """End a set and with it every membership, from a day on.

    Raises `AreaSetUnknown`, `InvalidInput`, `NotAllowed`.
    """
    found = AreaSet.objects.select_for_update().filter(pk=area_set, valid_to=None).first()
    if found is None:
        raise AreaSetUnknown()
    current = AreaSetMember.objects.select_for_update().filter(area_set=found, valid_to=None)
    members = sorted(current.values_list("code", flat=True))
    require(can_manage(actor, members))
    first = max([found.valid_from, *current.values_list("valid_from", flat=True)])
    if on <= first:
        raise InvalidInput(
            _("日期须晚于启用日期 %(day)s") % {"day": first},
            field="on",
            mend=_("请改为较晚的日期"),
        )
    current.update(valid_to=on)
    AreaSet.objects.filter(pk=found.pk).update(valid_to=on)
    emit(AreaSetEnded(found.id), area=members[0] if members else "")
