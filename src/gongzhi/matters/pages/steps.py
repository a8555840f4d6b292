"""What can be done with a case beside its moves: each a form of its own, shown where allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.actor import Actor
from gongzhi.matters import actions, forms, policies
from gongzhi.matters.queries import MatterDetail
from gongzhi.procedures import actions as engine
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import CARRYING, Part


@dataclass(frozen=True, slots=True)
class Doing:
    """A step about to be made: by whom, on which matter, with what was filled in."""

    actor: Actor
    matter: MatterDetail
    data: dict[str, Any]
    area: str = ""

    @property
    def case(self) -> int:
        """The case of the matter."""
        return self.matter.state.id


@dataclass(frozen=True, slots=True)
class Step:
    """A step: when it is offered, its form, and what it does. `moves` puts it beside the moves."""

    key: str
    name: Any
    shown: Callable[[Actor, MatterDetail], bool]
    call: Callable[[Doing], Any]
    form: Callable[..., Form] = forms.ReasonForm
    moves: bool = True


def _stage(matter: MatterDetail) -> Any:
    return procedures.definition_for(matter.state).stages.get(matter.state.stage)


def _holds(actor: Actor, matter: MatterDetail, *parts: str) -> bool:
    return any(h.part in parts for h in procedures.mine(actor, matter.state.holdings))


def _may_pause(actor: Actor, matter: MatterDetail) -> bool:
    stage, state = _stage(matter), matter.state
    can = stage is not None and stage.pause is not None
    return can and state.is_open and not state.paused_at and _holds(actor, matter, *CARRYING)


def _may_object(actor: Actor, matter: MatterDetail) -> bool:
    stage = _stage(matter)
    can = stage is not None and stage.objection is not None and matter.state.is_open
    ruling = any(h.part == Part.RULING for h in matter.state.holdings)
    return can and not ruling and _holds(actor, matter, Part.LEAD)


def _may_cancel(actor: Actor, matter: MatterDetail) -> bool:
    named = procedures.definition_for(matter.state).cancel
    area = matter.state.area
    return (
        matter.state.is_open
        and named is not None
        and actor.may("cases.cancel", area=area)
        and procedures.holds_role(actor, named.by, area)
    )


def _may_reopen(actor: Actor, matter: MatterDetail) -> bool:
    named = procedures.definition_for(matter.state).reopen
    area = matter.state.area
    return (
        not matter.state.is_open
        and named is not None
        and actor.may("cases.reopen", area=area)
        and procedures.holds_role(actor, named.by, area)
    )


def _may_describe(actor: Actor, matter: MatterDetail) -> bool:
    return matter.state.is_open and bool(policies.can_describe(actor, matter.state.area))


def stages_to_reopen(matter: MatterDetail) -> list[tuple[str, str]]:
    """Return the stages into which a closed matter may be opened again."""
    definition = procedures.definition_for(matter.state)
    keys = definition.reopen.to if definition.reopen else ()
    return [(key, definition.stages[key].name) for key in keys]


STEPS: tuple[Step, ...] = (
    Step(
        "rule_objection",
        _("裁定派单异议"),
        lambda a, m: _holds(a, m, Part.RULING),
        lambda d: engine.rule_objection(
            actor=d.actor, case=d.case, upheld=d.data["upheld"] == "1", ruling=d.data["ruling"]
        ),
        forms.RulingForm,
    ),
    Step(
        "rule_pause",
        _("审批暂停"),
        lambda a, m: _holds(a, m, Part.APPROVAL),
        lambda d: engine.rule_pause(actor=d.actor, case=d.case, approved=d.data["approved"] == "1"),
        forms.ApprovalForm,
    ),
    Step(
        "object",
        _("对派单有异议"),
        _may_object,
        lambda d: engine.object_to_dispatch(actor=d.actor, case=d.case, reason=d.data["reason"]),
    ),
    Step(
        "pause",
        _("申请暂停计时"),
        _may_pause,
        lambda d: engine.ask_pause(actor=d.actor, case=d.case, **d.data),
        forms.PauseForm,
    ),
    Step(
        "resume",
        _("恢复计时"),
        lambda a, m: m.state.paused_at is not None and _holds(a, m, *CARRYING),
        lambda d: engine.resume_case(actor=d.actor, case=d.case),
        Form,
    ),
    Step(
        "cancel",
        _("撤销这件事项"),
        _may_cancel,
        lambda d: engine.cancel_case(actor=d.actor, case=d.case, reason=d.data["reason"]),
    ),
    Step(
        "reopen",
        _("重新打开"),
        _may_reopen,
        lambda d: engine.reopen_case(actor=d.actor, case=d.case, **d.data),
        forms.ReopenForm,
    ),
    Step(
        "locate",
        _("改地点"),
        _may_describe,
        lambda d: actions.locate_matter(actor=d.actor, reference=d.matter.reference, area=d.area),
        Form,
        moves=False,
    ),
    Step(
        "classify",
        _("改分类"),
        _may_describe,
        lambda d: actions.classify_matter(
            actor=d.actor, reference=d.matter.reference, category=d.data["category"]
        ),
        forms.CategoryForm,
        moves=False,
    ),
    Step(
        "reveal",
        _("查看（须说明用途）"),
        lambda a, m: m.reporter.revealable and bool(m.reporter.name or m.reporter.phone),
        lambda d: actions.reveal_reporter(actor=d.actor, reference=d.matter.reference, **d.data),
        forms.RevealForm,
        moves=False,
    ),
)


def step_of(key: str) -> Step | None:
    """Return the step with this key."""
    return next((step for step in STEPS if step.key == key), None)


def form_of(step: Step, matter: MatterDetail, data: Any = None) -> Form:
    """Return the form of a step."""
    more: dict[str, Any] = {}
    if step.form is forms.ReopenForm:
        more["stages"] = stages_to_reopen(matter)
    if step.form is forms.CategoryForm:
        more["initial"] = {"category": matter.category}
    return step.form(data, auto_id=f"id_{step.key}_%s", **more)
