"""The legal next moves of an actor, each with its form, and why a known move is closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import ALLOWED, Decision, refuse
from gongzhi.people import queries as people
from gongzhi.procedures.choices import CARRYING, GUARDS, SUBJECTS, Part, Situation
from gongzhi.procedures.definition import Definition, Field, Move, Owner
from gongzhi.procedures.models import Evidence
from gongzhi.procedures.queries.catalogue import definition_of
from gongzhi.procedures.queries.children import join_obstacle
from gongzhi.procedures.queries.reach import owner_keys
from gongzhi.procedures.queries.reading import CaseState, Holding

CLOSE_PART = "close_part"


@dataclass(frozen=True, slots=True)
class NextMove:
    """One move as pages and the API offer it; `allowed` False comes with its reason."""

    key: str
    name: str
    kind: str
    target: str
    target_name: str
    form: tuple[Field, ...]
    allowed: bool = True
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form the API gives out."""
        return {
            "key": self.key,
            "name": self.name,
            "kind": self.kind,
            "target": self.target,
            "allowed": self.allowed,
            "reason": self.reason,
            "form": [_described(field) for field in self.form],
        }


def _described(field: Field) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": field.label,
        "type": field.type,
        "required": field.required,
        "hint": field.hint,
        "maximum": field.maximum,
        "kinds": list(field.kinds),
        "choices": [{"key": c.key, "label": c.label} for c in field.choices],
        "columns": [_described(column) for column in field.columns],
    }


def mine(actor: Actor, holdings: tuple[Holding, ...]) -> tuple[Holding, ...]:
    """Return the open items that *actor* holds: by role, organisation, name or claim.

    Who is recused from the case holds none.
    """
    if actor.is_system:
        return holdings
    keys = set(owner_keys(actor))
    return tuple(
        h
        for h in holdings
        if h.owner in keys
        and h.claimed_by in (None, actor.account)
        and actor.account not in h.recused
    )


def holds_role(actor: Actor, owner: Owner, area: str) -> bool:
    """Whether *actor* holds the role that *owner* names, over this area."""
    if actor.is_system:
        return True
    return any(
        post.role == owner.role and post.area is not None and area.startswith(post.area)
        for post in actor.posts
    )


def may_make(actor: Actor, state: CaseState, move: Move) -> Decision:
    """Say whether *actor* may make this move now, guards aside."""
    if actor.is_system:
        return ALLOWED
    if move.moved_by == "reporter":
        return ALLOWED if actor.kind == "reporter" else refuse(_("这一步由反映人评价"))
    if move.moved_by == "clock" or move.kind == "clock":
        return refuse(_("这一步到时间自动进行"))
    if actor.account in state.recused:
        return refuse(_("您已回避这件事项"))
    subject = SUBJECTS.get(state.subject)
    if subject is not None and not actor.has(subject.handle):
        return refuse(_("您的岗位不办理这类事项"))
    if move.moved_by == "role":
        fits = move.by is not None and holds_role(actor, move.by, state.area)
        return ALLOWED if fits else refuse(_("这一步由指定岗位办理"))
    held = [h for h in mine(actor, state.holdings) if h.part in CARRYING]
    if held:
        return ALLOWED
    return refuse(_holder_words(state))


def _holder_words(state: CaseState) -> str:
    claimed = {h.claimed_by for h in state.holdings if h.claimed_by}
    if claimed:
        names = people.display_names(claimed)
        return _("已由%(name)s认领") % {"name": "、".join(names.values())}
    return _("现由%(owner)s办理") % {"owner": state.owner_label or _("他人")}


def move_obstacle(definition: Definition, state: CaseState, move: Move, data: Any = None) -> str:
    """Return why the move cannot be made by anybody yet (evidence, join, guards), or ''."""
    if move.moved_by == "owner" and any(h.part == Part.RULING for h in state.holdings):
        return _("派单异议还没有裁定")
    found = join_obstacle(definition, state, move) or _short_evidence(state, move)
    if found:
        return found
    situation = situation_of(state, move.key, data or {})
    for name in move.guard:
        decision = GUARDS[name](situation)
        if not decision:
            return str(decision.reason)
    return ""


def _short_evidence(state: CaseState, move: Move) -> str:
    if not move.evidence:
        return ""
    counts = dict(
        Evidence.objects.filter(case_id=state.id, visit=state.visit)
        .values_list("kind")
        .annotate(Count("id"))
    )
    for kind, needed in move.evidence.items():
        if counts.get(kind, 0) < needed:
            return _("还缺材料：%(kind)s %(now)d/%(needed)d") % {
                "kind": kind,
                "now": counts.get(kind, 0),
                "needed": needed,
            }
    return ""


def situation_of(state: CaseState, move: str, data: Any) -> Situation:
    """Return what guards and effects are told."""
    definition = definition_of(state.version)
    found = definition.move(state.stage, move)
    target = definition.stages.get(found.target) if found else None
    return Situation(
        case=state.id,
        procedure=state.procedure,
        subject=state.subject,
        subject_id=state.subject_id,
        area=state.area,
        stage=state.stage,
        visit=state.visit,
        move=move,
        level=(target.owner.level or "") if target and target.owner else "",
        data=data,
    )


def next_moves(actor: Actor, state: CaseState) -> list[NextMove]:
    """Return the moves *actor* may make now; closed ones come with the reason."""
    if not state.is_open:
        return []
    definition = definition_of(state.version)
    found = []
    for move in definition.moves_from(state.stage):
        if move.kind == "clock" or not may_make(actor, state, move):
            continue
        reason = move_obstacle(definition, state, move)
        found.append(
            NextMove(
                key=move.key,
                name=move.name,
                kind=move.kind,
                target=move.target,
                target_name=_target_name(definition, move.target),
                form=move.form,
                allowed=not reason,
                reason=reason,
            )
        )
    if any(h.part == Part.ASSIST for h in mine(actor, state.holdings)) and not actor.is_system:
        found.append(_close_part(definition))
    return found


def close_part_form(definition: Definition) -> tuple[Field, ...]:
    """Return the form with which an assisting organisation closes its part."""
    declared = definition.fields.get("note")
    return (declared or Field(key="note", label=_("办理情况"), type="long_text", required=True),)


def _close_part(definition: Definition) -> NextMove:
    return NextMove(
        key=CLOSE_PART,
        name=_("办结本单位部分"),
        kind="forward",
        target="",
        target_name="",
        form=close_part_form(definition),
    )


def _target_name(definition: Definition, target: str) -> str:
    stage = definition.stages.get(target)
    return stage.name if stage else definition.outcomes[target].name
