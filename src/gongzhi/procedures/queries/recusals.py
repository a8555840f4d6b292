"""Who is recused from a case, who stands behind its owners, and who could take over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from gongzhi.organisations import queries as organisations
from gongzhi.people import queries as people
from gongzhi.procedures.models import Recusal
from gongzhi.procedures.queries.catalogue import definition_of
from gongzhi.procedures.queries.reading import CaseState


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """Who is recused, for what reason, and whether it was ordered. The words stay on record."""

    name: str
    reason: str
    ordered: bool
    at: datetime


def recusals_of(case: CaseState) -> list[RecusalRow]:
    """Return who is recused from a case that was read for the reader, in order."""
    if not case.recused:
        return []
    rule = definition_of(case.version).recuse
    reasons = rule.reasons if rule else {}
    names = people.display_names(set(case.recused))
    found = Recusal.objects.filter(case_id=case.id).order_by("id")
    return [
        RecusalRow(
            name=names.get(one.account, ""),
            reason=reasons.get(one.reason, one.reason),
            ordered=one.ordered_by is not None,
            at=one.at,
        )
        for one in found
    ]


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
