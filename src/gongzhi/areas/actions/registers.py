"""Writes to what stands beside the tree: aliases of other schemes, named sets of areas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from gongzhi.areas.actions.writing import take_current
from gongzhi.areas.facts import AliasSet, AreaSetSaved
from gongzhi.areas.models import AreaAlias, AreaSet, AreaSetMember
from gongzhi.areas.policies import can_manage
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.policy import require


@action
def set_alias(*, actor: Actor, scheme: str, foreign_code: str, code: str, on: date) -> None:
    """Let a code of another scheme mean *code* from a day on; before, it means what it meant.

    Raises `AreaUnknown`, `InvalidInput`, `NotAllowed`. Setting the same again changes nothing.
    """
    require(can_manage(actor, [code]))
    take_current([code])
    if not (scheme.strip() and foreign_code.strip()):
        raise InvalidInput(_("编码体系和外部代码都要填写"), field="foreign_code", mend=_("请补全"))
    current = AreaAlias.objects.select_for_update().filter(
        scheme=scheme, foreign_code=foreign_code, valid_to=None
    )
    known = current.first()
    if known and known.code == code:
        return
    if known:
        require(can_manage(actor, [known.code]))
        if known.valid_from >= on:
            raise InvalidInput(
                _("日期须晚于原对应关系的启用日期"), field="on", mend=_("请改为较晚的日期")
            )
        current.update(valid_to=on)
    AreaAlias.objects.create(scheme=scheme, foreign_code=foreign_code, code=code, valid_from=on)
    emit(AliasSet(scheme, foreign_code, code), area=code)


@action
def save_area_set(*, actor: Actor, name: str, kind: str, members: Sequence[str], on: date) -> int:
    """Make the named set, or change its members from a day on. Returns the set's id."""
    require(can_manage(actor, members))
    if not members or not name.strip():
        raise InvalidInput(_("请填写名称并至少选一个区域"), field="members")
    take_current(sorted(set(members)))
    found, _new = AreaSet.objects.get_or_create(
        name=name.strip(), kind=kind, valid_to=None, defaults={"valid_from": on}
    )
    current = AreaSetMember.objects.filter(area_set=found, valid_to=None)
    have = set(current.values_list("code", flat=True))
    gone = current.filter(code__in=have - set(members))
    gone.filter(valid_from__gte=on).delete()
    gone.filter(Q(valid_from__lt=on)).update(valid_to=on)
    AreaSetMember.objects.bulk_create(
        AreaSetMember(area_set=found, code=code, valid_from=on)
        for code in sorted(set(members) - have)
    )
    emit(AreaSetSaved(found.id, len(set(members))), area=min(members))
    return found.id
