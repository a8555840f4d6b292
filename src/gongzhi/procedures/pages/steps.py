"""What can be done with any case beside its moves: each a form of its own, shown where allowed."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.actor import Actor
from gongzhi.procedures import actions, forms, policies, queries
from gongzhi.procedures.choices import CARRYING, FACES, Doing, Part, Step
from gongzhi.procedures.queries import CaseState


def _stage(state: CaseState) -> Any:
    return queries.definition_for(state).stages.get(state.stage)


def _holds(actor: Actor, state: CaseState, *parts: str) -> bool:
    return any(h.part in parts for h in queries.mine(actor, state.holdings))


def _may_pause(actor: Actor, state: CaseState) -> bool:
    stage = _stage(state)
    can = stage is not None and stage.pause is not None
    return can and state.is_open and not state.paused_at and _holds(actor, state, *CARRYING)


def _may_object(actor: Actor, state: CaseState) -> bool:
    stage = _stage(state)
    can = stage is not None and stage.objection is not None and state.is_open
    ruling = any(h.part == Part.RULING for h in state.holdings)
    return can and not ruling and _holds(actor, state, Part.LEAD)


def _may_cancel(actor: Actor, state: CaseState) -> bool:
    named = queries.definition_for(state).cancel
    return state.is_open and named is not None and bool(policies.can_cancel(actor, state))


def _may_reopen(actor: Actor, state: CaseState) -> bool:
    named = queries.definition_for(state).reopen
    return not state.is_open and named is not None and bool(policies.can_reopen(actor, state))


def _others(actor: Actor, state: CaseState) -> list[tuple[int, str]]:
    """Return who may be told to step aside: whoever steps aside himself says so himself."""
    return [one for one in queries.recusable(state) if one[0] != actor.account]


def _may_take_back(actor: Actor, state: CaseState) -> bool:
    if not state.recused or not policies.can_order_recusal(actor, state):
        return False
    return bool(queries.to_take_back(state))


def stages_to_reopen(state: CaseState) -> list[tuple[str, str]]:
    """Return the stages into which a closed case may be opened again."""
    definition = queries.definition_for(state)
    keys = definition.reopen.to if definition.reopen else ()
    return [(key, definition.stages[key].name) for key in keys]


def has_reporter(state: CaseState) -> bool:
    """Whether the procedure of a case knows a reporter: somebody outside who judges it."""
    return any(move.moved_by == "reporter" for move in queries.definition_for(state).moves)


def _reasons(state: CaseState) -> list[tuple[str, str]]:
    rule = queries.definition_for(state).recuse
    return list(rule.reasons.items()) if rule else []


def _ask(doing: Doing) -> dict[str, Any]:
    """Ask, and return the path of the link, which is told to whoever asked and never again."""
    question = actions.NewQuestion(**forms.asked(doing.data))
    done = actions.ask_outside(actor=doing.actor, case=doing.case, asked=question)
    path = reverse("procedures:question", args=[done.secret])
    return {"path": path, "expires_at": done.expires_at}


_STEPS: tuple[Step, ...] = (
    Step(
        "rule_objection",
        _("裁定派单异议"),
        lambda a, r: _holds(a, r.state, Part.RULING),
        lambda d: actions.rule_objection(
            actor=d.actor, case=d.case, upheld=d.data["upheld"] == "1", ruling=d.data["ruling"]
        ),
        forms.RulingForm,
    ),
    Step(
        "rule_pause",
        _("审批暂停"),
        lambda a, r: _holds(a, r.state, Part.APPROVAL),
        lambda d: actions.rule_pause(
            actor=d.actor, case=d.case, approved=d.data["approved"] == "1"
        ),
        forms.ApprovalForm,
    ),
    Step(
        "object",
        _("对派单有异议"),
        lambda a, r: _may_object(a, r.state),
        lambda d: actions.object_to_dispatch(actor=d.actor, case=d.case, reason=d.data["reason"]),
        forms.ReasonForm,
    ),
    Step(
        "pause",
        _("申请暂停计时"),
        lambda a, r: _may_pause(a, r.state),
        lambda d: actions.ask_pause(actor=d.actor, case=d.case, **d.data),
        forms.PauseForm,
    ),
    Step(
        "resume",
        _("恢复计时"),
        lambda a, r: r.state.paused_at is not None and _holds(a, r.state, *CARRYING),
        lambda d: actions.resume_case(actor=d.actor, case=d.case),
        Form,
    ),
    Step(
        "ask",
        _("提问"),
        lambda a, r: bool(policies.can_ask(a, r.state)),
        _ask,
        forms.AskForm,
        answers=True,
        whole=True,
        more=lambda record: {"reporter": has_reporter(record.state)},
    ),
    Step(
        "answer_supervision",
        _("回复督办"),
        lambda a, r: r.state.supervised and _holds(a, r.state, *CARRYING),
        lambda d: actions.answer_supervision(actor=d.actor, case=d.case, **d.data),
        forms.WordsForm,
    ),
    Step(
        "end_supervision",
        _("督办销号"),
        lambda a, r: r.state.supervised and bool(policies.can_supervise(a, r.state)),
        lambda d: actions.end_supervision(actor=d.actor, case=d.case, **d.data),
        forms.WordsForm,
    ),
    Step(
        "supervise",
        _("督办这件事项"),
        lambda a, r: (
            r.state.is_open and not r.state.supervised and bool(policies.can_supervise(a, r.state))
        ),
        lambda d: actions.supervise_case(actor=d.actor, case=d.case, **d.data),
        forms.SuperviseForm,
    ),
)

# What is done seldom stands last, below what the subject itself offers.
_SELDOM: tuple[Step, ...] = (
    Step(
        "recuse",
        _("申请回避"),
        lambda a, r: bool(policies.can_recuse(a, r.state)),
        lambda d: actions.recuse_oneself(actor=d.actor, case=d.case, **d.data),
        forms.RecuseForm,
        whole=True,
        more=lambda record: {"reasons": _reasons(record.state)},
    ),
    Step(
        "order_recusal",
        _("责令回避"),
        lambda a, r: bool(policies.can_order_recusal(a, r.state) and _others(a, r.state)),
        lambda d: actions.order_recusal(actor=d.actor, case=d.case, **d.data),
        forms.OrderRecusalForm,
        whole=True,
        more=lambda record: {
            "reasons": _reasons(record.state),
            "persons": queries.recusable(record.state),
        },
    ),
    Step(
        "take_back_recusal",
        _("撤回回避"),
        lambda a, r: _may_take_back(a, r.state),
        lambda d: actions.take_back_recusal(actor=d.actor, case=d.case, **d.data),
        forms.TakeBackRecusalForm,
        whole=True,
        more=lambda record: {"recusals": queries.to_take_back(record.state)},
    ),
    Step(
        "cancel",
        _("撤销这件事项"),
        lambda a, r: _may_cancel(a, r.state),
        lambda d: actions.cancel_case(actor=d.actor, case=d.case, reason=d.data["reason"]),
        forms.ReasonForm,
    ),
    Step(
        "reopen",
        _("重新打开"),
        lambda a, r: _may_reopen(a, r.state),
        lambda d: actions.reopen_case(actor=d.actor, case=d.case, **d.data),
        forms.ReopenForm,
    ),
)


def steps_for(subject: str) -> tuple[Step, ...]:
    """Return the steps of every case and those of this subject, what is done seldom last."""
    return (*_STEPS, *FACES[subject].steps, *_SELDOM)


def step_of(subject: str, key: str) -> Step | None:
    """Return the step with this key."""
    return next((step for step in steps_for(subject) if step.key == key), None)


def form_of(step: Step, record: Any, data: Any = None) -> Form:
    """Return the form of a step."""
    more: dict[str, Any] = step.more(record) if step.more else {}
    if step.form is forms.ReopenForm:
        more["stages"] = stages_to_reopen(record.state)
    form: Form = step.form(data, auto_id=f"id_{step.key}_%s", **more)
    return form
