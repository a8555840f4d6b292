"""Who is recused from a case, who stands behind its owners, and who could take over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from gongzhi.organisations import queries as organisations
from gongzhi.people import queries as people
from gongzhi.procedures.models import Recusal
from gongzhi.procedures.queries.catalogue import definition_of
from gongzhi.procedures.queries.reading import CaseState


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """Who is recused, for what reason, whether it was ordered, and until when it was in force.

    `inherited` says that it follows from the case above. The words stay on record.
    """

    id: int
    account: int
    name: str
    reason: str
    ordered: bool
    inherited: bool
    at: datetime
    taken_back_at: datetime | None


def recusals_of(case: CaseState) -> list[RecusalRow]:
    """Return who is recused now from a case that was read for the reader, in order."""
    if not case.recused:
        return []
    return _rows(case, Recusal.objects.filter(case_id=case.id, taken_back_at=None))


def every_recusal_of(case: CaseState) -> list[RecusalRow]:
    """Return the recusals from a case that was read for the reader: those taken back as well."""
    return _rows(case, Recusal.objects.filter(case_id=case.id))


def _rows(case: CaseState, found: QuerySet[Recusal]) -> list[RecusalRow]:
    rows = list(found.order_by("id"))
    names = people.display_names({one.account for one in rows}) if rows else {}
    return [
        RecusalRow(
            id=one.pk,
            account=one.account,
            name=names.get(one.account, ""),
            reason=_reason(one, case.version),
            ordered=one.ordered_by is not None,
            inherited=one.inherited_id is not None,
            at=one.at,
            taken_back_at=one.taken_back_at,
        )
        for one in rows
    ]


def _reason(one: Recusal, version: int) -> str:
    """Return the reason in words, as the procedure tells it in which it was given."""
    rule = definition_of(one.version_id or version).recuse
    return (rule.reasons if rule else {}).get(one.reason, one.reason)


def to_take_back(case: CaseState) -> list[tuple[int, str]]:
    """Return the recusals that can be taken back here, each by the name of who is recused."""
    return [(one.id, one.name) for one in recusals_of(case) if not one.inherited]


def behind(owners: Iterable[str]) -> dict[str, set[int]]:
    """Return the accounts behind each owner of work, in at most two statements."""
    found: dict[str, set[int]] = {owner: set() for owner in owners}
    pairs = [(role, area) for role, mark, area in (o.partition("@") for o in found) if mark]
    units = [int(owner[4:]) for owner in found if owner.startswith("org:")]
    for (role, area), holders in organisations.holders_of(pairs).items():
        found[f"{role}@{area}"] = {one.account for one in holders}
    for one in organisations.holders_in(units) if units else ():
        found[f"org:{one.organisation}"].add(one.account)
    for owner in found:
        if owner.startswith("acc:"):
            found[owner].add(int(owner[4:]))
    return found


def left_of(owner: str, recused: Collection[int]) -> set[int]:
    """Return the accounts behind an owner that are not recused."""
    return behind([owner])[owner] - set(recused)


def recusable(case: CaseState) -> list[tuple[int, str]]:
    """Return who stands behind the open items of a case and is not recused yet, with names."""
    every = set().union(*behind(held.owner for held in case.holdings).values())
    names = people.display_names(every - set(case.recused))
    return sorted(names.items(), key=lambda pair: pair[1])
