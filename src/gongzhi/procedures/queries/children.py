"""Sub-cases as their parent's page lists them, and what a stage's join still waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.organisations import queries as organisations
from gongzhi.procedures.choices import Part, Status
from gongzhi.procedures.definition import Definition, Join, Move
from gongzhi.procedures.models import Case, CaseParty, Objection, WorkItem
from gongzhi.procedures.queries.reach import visible_cases
from gongzhi.procedures.queries.reading import CaseState, as_state, holdings_of


def children_of(actor: Actor, state: CaseState) -> list[CaseState]:
    """Return the sub-cases of a case that *actor* may see, in the order they were opened."""
    found = list(visible_cases(actor).filter(parent_id=state.id).order_by("id"))
    holdings = holdings_of([case.pk for case in found]) if found else {}
    return [as_state(case, holdings.get(case.pk, ())) for case in found]


@dataclass(frozen=True, slots=True)
class ChildTold:
    """One line about a sub-case: what it is, who was asked, where it stands."""

    reference: str
    title: str
    asked: str
    stage: str
    due_at: datetime | None
    tag: str


def children_told(actor: Actor, state: CaseState) -> list[ChildTold]:
    """Return a line for each sub-case that *actor* may see; what is called like its parent is

    named by the organisation that was asked alone.
    """
    found = children_of(actor, state)
    parties = CaseParty.objects.filter(case__in=[one.id for one in found]) if found else ()
    asked: dict[int, list[int]] = {}
    for party in parties:
        asked.setdefault(party.case_id, []).append(party.organisation)
    names = organisations.organisation_names({i for many in asked.values() for i in many})
    return [
        ChildTold(
            reference=one.reference,
            title="" if one.title == state.title else one.title,
            asked="、".join(names.get(i, "") for i in asked.get(one.id, ())) or one.owner_label,
            stage=one.stage_name,
            due_at=one.due_at if one.is_open else None,
            tag=one.light or "open" if one.is_open else one.outcome_kind,
        )
        for one in found
    ]


def parent_of(actor: Actor, state: CaseState) -> CaseState | None:
    """Return the case that opened this one, if there is one that *actor* may see."""
    if state.parent is None:
        return None
    found = visible_cases(actor).filter(pk=state.parent).first()
    return as_state(found, holdings_of([found.pk]).get(found.pk, ())) if found else None


def join_obstacle(definition: Definition, state: CaseState, move: Move) -> str:
    """Return what the stage's join still waits for, or ''.

    Sub-cases are counted by the visit that opened them; they hold up every move. Assisting parts
    hold up the owner's own moves.
    """
    stage = definition.stages[state.stage]
    if stage.join is None:
        return ""
    if stage.spawn is not None:
        of_visit = Case.objects.filter(parent_id=state.id, parent_visit=state.visit)
        total, done = of_visit.count(), of_visit.filter(status=Status.CLOSED).count()
        if (left := needed(stage.join, total) - done) > 0:
            return _("还有 %(n)d 件子事项没有办结") % {"n": left}
    if move.moved_by == "owner" and any(h.part == Part.ASSIST for h in state.holdings):
        parts = parts_of(state, Part.ASSIST)
        total, done = parts.count(), parts.exclude(done_at=None).count()
        if (left := needed(stage.join, total) - done) > 0:
            return _("还要等 %(n)d 家协办单位办结自己的部分") % {"n": left}
    return ""


def parts_of(state: CaseState, part: Part) -> QuerySet[WorkItem]:
    """Return the parts of this stay, open and closed, without those an objection took off it."""
    upheld = Objection.objects.filter(case_id=state.id, visit=state.visit, upheld=True)
    items = WorkItem.objects.filter(case_id=state.id, visit=state.visit, part=part)
    return items.exclude(owner__in=upheld.values("owner"))


def needed(join: Join, total: int) -> int:
    """Return how many of so many parts must be closed; never more than there are."""
    return {"all": total, "any": min(1, total), "count": min(join.count, total)}[join.mode]
