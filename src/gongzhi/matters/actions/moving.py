"""Handling a matter: its moves, and setting its place and category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.matters import pictures, policies
from gongzhi.matters.actions.checking import check_place
from gongzhi.matters.actions.photos import attach_all
from gongzhi.matters.choices import Origin
from gongzhi.matters.errors import CategoryUnknown, PhotoRefused, PlaceFixed
from gongzhi.matters.facts import MatterClassified, MatterLocated
from gongzhi.matters.models import Matter, Photo
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.queries.detail import case_and_matter, case_of, matter_of
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import move_case, relocate_case, set_own_due
from gongzhi.procedures.errors import CaseClosed

_RECORD = "matters.photo:"


@action
def move_matter(
    *,
    actor: Actor,
    reference: str,
    move: str,
    data: Mapping[str, Any],
    revision: int | None = None,
    photos: Mapping[str, Sequence[bytes]] | None = None,
) -> procedures.CaseState:
    """Make one move of a matter that *actor* sees; photos are named by their `record`.

    *photos* are new ones by field of the move's form: they are attached with the move or, when
    it is refused, not at all. Raises `MatterUnknown`, `PhotoRefused` for no picture or a photo
    of another matter, `TooManyPhotos`, and what `move_case` raises.
    """
    case = case_of(actor, reference)
    if photos:
        data = {**data, **_attached(actor, case, matter_of(case), photos)}
    _refuse_foreign_photos(case, move, data)
    return move_case(actor=actor, case=case, move=move, data=data, revision=revision)


def _attached(
    actor: Actor,
    case: procedures.CaseState,
    matter: Matter,
    photos: Mapping[str, Sequence[bytes]],
) -> dict[str, list[str]]:
    """Attach new photos and return the answers that name them; every one is read first."""
    require(policies.can_attach(actor))
    if not case.is_open:
        raise CaseClosed()
    read = {
        field: [pictures.read_picture(one, field=field) for one in contents]
        for field, contents in photos.items()
    }
    return {
        field: [
            photo.record
            for photo in attach_all(case, matter, given, origin=Origin.STAFF, by=actor.account)
        ]
        for field, given in read.items()
    }


def _refuse_foreign_photos(case: procedures.CaseState, move: str, data: Mapping[str, Any]) -> None:
    found = procedures.definition_for(case).move(case.stage, move)
    fields = [field.key for field in found.form if field.type == "files"] if found else []
    for field in fields:
        given = data.get(field) or []
        records = given if isinstance(given, list | tuple) else [given]
        wanted = {str(record) for record in records}
        mine = Photo.objects.filter(matter__case=case.id)
        kept = mine.values_list("pk", flat=True) if wanted else ()
        if wanted - {f"{_RECORD}{pk}" for pk in kept}:
            mend = _("请先上传照片，再填它的编号")
            raise PhotoRefused(_("没有这张照片"), field=field, mend=mend)


@action
def locate_matter(
    *, actor: Actor, reference: str, area: str, revision: int | None = None
) -> procedures.CaseState:
    """Set where an open matter lies: a community or deeper, within reach of whoever holds it.

    Raises `MatterUnknown`, `NotAllowed`, `PlaceUnknown`, `PlaceFixed`, `CaseClosed`, `CaseMoved`.
    """
    case, matter = case_and_matter(actor, reference)
    require(policies.can_describe(actor, case))
    if not case.is_open:
        raise CaseClosed()
    check_place(area)
    if area == case.area:
        return case
    holders = [h.owner.partition("@")[2] for h in case.holdings if "@" in h.owner]
    if not all(area.startswith(holder) for holder in holders):
        raise PlaceFixed(field="area", mend=_("请先上报或转办，再由上一级改地点"))
    moved = relocate_case(actor=actor, case=case.id, area=area, revision=revision or case.revision)
    emit(MatterLocated(matter.pk, case.area, area), area=area, case=case.id)
    return moved


@action
def classify_matter(*, actor: Actor, reference: str, category: str) -> None:
    """Set the category of a matter, and with it the time that the category gives.

    Raises `MatterUnknown`, `NotAllowed`, `CategoryUnknown`.
    """
    case, matter = case_and_matter(actor, reference)
    require(policies.can_describe(actor, case))
    book = category_book()
    if category not in book.categories:
        raise CategoryUnknown(field="category", mend=_("请从类别表中选择"))
    if category == matter.category:
        return
    Matter.objects.filter(pk=matter.pk).update(category=category, category_table=book.number)
    emit(MatterClassified(matter.pk, matter.category, category), area=case.area, case=case.id)
    due, basis = book.due_of(category)
    set_own_due(actor=actor, case=case.id, due=due, basis=basis)
