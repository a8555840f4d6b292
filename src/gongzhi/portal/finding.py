"""Search of the desk: a reference opens its case; names find areas, organisations and people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.kernel import references
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import GongzhiError, NotFound
from gongzhi.organisations import queries as organisations
from gongzhi.people import queries as people
from gongzhi.portal.queries import address_of
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import FACES

_MOST = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class HitGroup:
    """What was found of one kind."""

    label: str
    hits: tuple[Hit, ...]


def case_address(actor: Actor, words: str) -> str:
    """Return the address of the case whose reference *words* are, empty when there is none."""
    try:
        found = procedures.case_by_reference(actor, references.check(words))
    except (references.InvalidReference, NotFound):
        return ""
    return _case_page(found.subject, found.reference)


def _case_page(subject: str, reference: str) -> str:
    """Return the address of a case's page, '' for a subject whose cases have none yet."""
    return address_of("procedures:case", reference) if subject in FACES else ""


def find(actor: Actor, words: str) -> list[HitGroup]:
    """Return what the actor may see that is called *words*, by kind, ten of each at most."""
    kinds: tuple[tuple[str, Callable[[Actor, str], tuple[Hit, ...]]], ...] = (
        (_("事项"), _cases),
        (_("区域"), _areas),
        (_("组织"), _organisations),
        (_("人员"), _people),
    )
    groups = [HitGroup(label, look(actor, words)) for label, look in kinds]
    return [group for group in groups if group.hits]


def _cases(actor: Actor, words: str) -> tuple[Hit, ...]:
    found = procedures.visible_cases(actor).filter(title__contains=words).order_by("-opened_at")
    return tuple(
        Hit(case.title, case.reference, address)
        for case in found[:_MOST]
        if (address := _case_page(case.subject, case.reference))
    )


def _areas(actor: Actor, words: str) -> tuple[Hit, ...]:
    if not actor.has("areas.see"):
        return ()
    found = areas.find_areas(words, limit=_MOST)
    paths = areas.path_names([area.code for area in found]) if found else {}
    return tuple(
        Hit(area.name, paths.get(area.code, area.code), address_of("areas:area", area.code))
        for area in found
    )


def _organisations(actor: Actor, words: str) -> tuple[Hit, ...]:
    if not actor.has("organisations.see"):
        return ()
    found = organisations.list_organisations(actor, filters={"words": words}, size=_MOST)
    return tuple(
        Hit(
            unit.name,
            f"{unit.kind_name} · {unit.area_name}",
            address_of("organisations:organisation", unit.id),
        )
        for unit in found.items
    )


def _people(actor: Actor, words: str) -> tuple[Hit, ...]:
    if not actor.has("people.see"):
        return ()
    try:
        found = people.list_people(actor, words=words, size=_MOST)
    except GongzhiError:  # words that cannot be a person's name or phone
        return ()
    return tuple(
        Hit(person.display_name, person.area_name, address_of("organisations:person", person.id))
        for person in found.items
    )
