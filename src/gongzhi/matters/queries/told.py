"""Whom notices about a case concern, and what the case is called for their readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.sql import rows
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.public import secret_hash
from gongzhi.messages import queries as news
from gongzhi.messages.choices import CASE, Told
from gongzhi.organisations import queries as organisations
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import FACES
from gongzhi.procedures.queries import CaseState

QUESTION = "matter.question"
"""The template of the mail that asks the reporter something, and carries the question's link."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A matter whose reporter is told of a case; `merged` when another's case goes on for it."""

    case_id: int
    reference: str
    merged: bool


def concerned(cases: Collection[int]) -> dict[int, list[Concerned]]:
    """Return for each case the matters it goes on for and of which somebody left an address."""
    found: dict[int, list[Concerned]] = {}
    for one in rows("matters", "told_of_case", {"cases": list(cases)}) if cases else ():
        found.setdefault(one.pop("told_of"), []).append(Concerned(**one))
    return found


def states_of(cases: Collection[int]) -> dict[int, CaseState]:
    """Return where these cases stand, without names, in two statements."""
    found = list(procedures.matching(SYSTEM, pk__in=list(cases))) if cases else []
    held = procedures.holdings_of([one.pk for one in found], named=False) if found else {}
    return {one.pk: procedures.as_state(one, held.get(one.pk, ())) for one in found}


def told_cases(actor: Actor, cases: Collection[int]) -> dict[int, Told]:
    """Return title and page of those cases that *actor* may see, in one statement."""
    seen = procedures.visible_cases(actor).filter(pk__in=list(cases))
    return {
        pk: Told(title or reference, _page(subject, reference))
        for pk, title, reference, subject in seen.values_list("pk", "title", "reference", "subject")
    }


def _page(subject: str, reference: str) -> str:
    return reverse("procedures:case", args=[reference]) if subject in FACES else ""


def accounts_of_owners(owners: Iterable[str]) -> dict[str, set[int]]:
    """Return the accounts behind each owner of work, in at most two statements.

    Who is away and has a deputy is not told: the deputy is.
    """
    found: dict[str, set[int]] = {owner: set() for owner in owners}
    pairs = [(role, area) for role, mark, area in (o.partition("@") for o in found) if mark]
    units = [int(owner[4:]) for owner in found if owner.startswith("org:")]
    for (role, area), holders in organisations.holders_of(pairs).items():
        found[f"{role}@{area}"] = {one.account for one in holders if not one.away}
    for one in organisations.holders_in(units) if units else ():
        if not one.away:
            found[f"org:{one.organisation}"].add(one.account)
    for owner in found:
        if owner.startswith("acc:"):
            found[owner].add(int(owner[4:]))
    return found


def with_merged(cases: Collection[int]) -> list[tuple[int, int]]:
    """Return matter and case of each of these cases, and of what was merged into its matter."""
    own = list(Matter.objects.filter(case__in=cases).values_list("pk", "case_id"))
    merged = Matter.objects.filter(main__in=[pk for pk, _case in own]).values_list("pk", "case_id")
    return [*own, *merged]


def address_of_reporter(case: int) -> int | None:
    """Return the address that the matter's own reporter left last, of those left for its case."""
    kept = Matter.objects.filter(case_id=case).values_list("secret_hash", flat=True).first()
    own = [
        number
        for number, link in news.resident_links(CASE, case).items()
        if kept is not None and secret_hash(link.strip("/").rpartition("/")[2]) == bytes(kept)
    ]
    return own[-1] if own else None


def link_of_notice(template: str, values: Mapping[str, Any]) -> str:
    """Return the path of a question's own link for the mail that tells of it, or ''."""
    question = values.get("question") if template == QUESTION else None
    secret = procedures.secret_of_question(question) if question else ""
    return reverse("procedures:question", args=[secret]) if secret else ""


def goes_on(cases: Collection[int]) -> set[int]:
    """Return those of these cases whose matter goes on in another's that is still open."""
    found = Matter.objects.filter(case__in=cases, main__case__status="open")
    return set(found.values_list("case_id", flat=True))
