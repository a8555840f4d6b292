"""Who owns a stage: from the words of the procedure to role and area, organisation or person.

An owner is written as one text, so that one index answers every inbox: `role@area`, `org:id`
or `acc:id`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.kernel import codes
from gongzhi.kernel.actor import Actor
from gongzhi.organisations import queries as organisations
from gongzhi.procedures.choices import Part
from gongzhi.procedures.definition import Owner
from gongzhi.procedures.errors import NoHolder


@dataclass(frozen=True, slots=True)
class Holding:
    """One part of a stage and who holds it."""

    part: str
    owner: str
    pool: bool = False

    @property
    def organisation(self) -> int | None:
        """The organisation that holds it, if one does."""
        return int(self.owner[4:]) if self.owner.startswith("org:") else None


Answer = Callable[[str], Any]


def resolve(owner: Owner | None, area: str, answer: Answer) -> tuple[Holding, ...]:
    """Return who holds a stage owned by *owner* for a case at *area*.

    `answer(field)` gives what a form said. Raises `NoHolder`, naming whom the procedure wants.
    """
    if owner is None:
        return ()
    if owner.fan_out_from:
        ids = [int(one) for one in answer(owner.fan_out_from) or ()]
        return _some(Holding(Part.FAN, f"org:{one}") for one in dict.fromkeys(ids))
    if owner.organisation_from:
        lead = answer(owner.organisation_from)
        assisting = answer(owner.assist_from) if owner.assist_from else None
        parts = [Holding(Part.LEAD, f"org:{lead}")] if lead else []
        parts += [
            Holding(Part.ASSIST, f"org:{one}")
            for one in dict.fromkeys(assisting or ())
            if lead and one != lead
        ]
        return _some(parts)
    if owner.person_from:
        person = answer(owner.person_from)
        return _some([Holding(Part.LEAD, f"acc:{person}")] if person else [])
    if owner.organisation_kind:
        return (Holding(Part.LEAD, f"org:{_responsible(owner.organisation_kind, area)}"),)
    return (Holding(Part.LEAD, role_owner(owner, area), owner.pool),)


def role_owner(owner: Owner, area: str) -> str:
    """Return `role@area` of the nearest holder from the owner's level upwards; or `NoHolder`."""
    if not owner.role or not owner.level:
        raise NoHolder()
    length = codes.LENGTHS[owner.level]  # type: ignore[index]  # checked when published
    found = organisations.nearest_holder_area(owner.role, area[:length])
    if found is None:
        raise NoHolder(
            _("这一层级及以上都没有人担任“%(role)s”")
            % {"role": organisations.role_name(owner.role)},
            mend=_("请先在岗位页面安排人员"),
        )
    return f"{owner.role}@{found}"


def _some(parts: Iterable[Holding]) -> tuple[Holding, ...]:
    found = tuple(parts)
    if not found:
        raise NoHolder(_("没有写明由谁办理"), mend=_("请在表单中选定承办方"))
    return found


def _responsible(kind: str, area: str) -> int:
    """Return the organisation of this kind standing nearest above *area*; or `NoHolder`."""
    above = [
        row for row in organisations.organisations_of_kind(kind, area) if area.startswith(row.area)
    ]
    if not above:
        raise NoHolder()
    return max(above, key=lambda row: (len(row.area), -row.id)).id


def owner_keys(actor: Actor) -> tuple[str, ...]:
    """Return every owner that *actor* can act as: roles held at areas, organisations, oneself."""
    keys = {f"{post.role}@{post.area}" for post in actor.posts if post.area}
    keys |= {f"org:{post.organisation}" for post in actor.posts if post.organisation}
    if actor.account is not None and actor.kind == "person":
        keys.add(f"acc:{actor.account}")
    return tuple(sorted(keys))


def owner_labels(owners: Iterable[str]) -> dict[str, str]:
    """Return each owner in words (虹桥街道 街道干部), in at most three statements for any number."""
    wanted = set(owners)
    ids = {int(owner[4:]) for owner in wanted if owner.startswith("org:")}
    named = organisations.organisation_names(ids) if ids else {}
    places = {owner.split("@")[1] for owner in wanted if "@" in owner}
    areas_named = areas.names(places) if places else {}
    roles = organisations.role_names() if places else {}
    return {owner: _label(owner, named, areas_named, roles) for owner in wanted}


def _label(
    owner: str, named: Mapping[int, str], places: Mapping[str, str], roles: Mapping[str, str]
) -> str:
    if owner.startswith("org:"):
        return named.get(int(owner[4:]), owner)
    if "@" in owner:
        role, area = owner.split("@")
        return f"{places.get(area, area)} {roles.get(role, role)}"
    return str(_("指定的承办人")) if owner.startswith("acc:") else owner
