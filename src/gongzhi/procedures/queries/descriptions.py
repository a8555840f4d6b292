"""A published procedure in words and as a drawing: for the people who work by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.areas import queries as areas
from gongzhi.kernel.actor import Actor
from gongzhi.organisations import queries as organisations
from gongzhi.procedures.choices import Status
from gongzhi.procedures.definition import Definition, Move, Owner, Scenario, Span, Stage
from gongzhi.procedures.definition.drawing import Drawing, drawing
from gongzhi.procedures.definition.scenarios import play_all
from gongzhi.procedures.errors import ProcedureUnknown
from gongzhi.procedures.models import ProcedureVersion
from gongzhi.procedures.queries.catalogue import VersionRow, definition_of, versions
from gongzhi.procedures.queries.reach import visible_cases


@dataclass(frozen=True, slots=True)
class StageTold:
    """One stage in words."""

    key: str
    name: str
    owner: str
    due: str
    basis: str


@dataclass(frozen=True, slots=True)
class MoveTold:
    """One move in words: from where to where, what it asks for."""

    key: str
    name: str
    source: str
    target: str
    by: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenarioTold:
    """One example, its steps, and what went wrong when it was played ('' when nothing)."""

    name: str
    steps: tuple[str, ...]
    refused: tuple[str, ...]
    ends: str
    fault: str


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """Everything the page of a procedure shows; `running` counts the reader's open cases."""

    row: VersionRow
    scope_name: str
    basis: str
    drawing: Drawing
    stages: tuple[StageTold, ...]
    moves: tuple[MoveTold, ...]
    scenarios: tuple[ScenarioTold, ...]
    outcomes: tuple[str, ...]
    running: int


def visible_versions(actor: Actor) -> list[VersionRow]:
    """Return the newest versions that are in force somewhere in the actor's reach."""
    if actor.is_system:
        return versions()
    reach = actor.areas_for("procedures.see")
    inside = bool(actor.organisations_for("procedures.see"))
    return [
        row
        for row in versions()
        if (not row.scope and (reach or inside))
        or inside
        or any(code.startswith(row.scope) or row.scope.startswith(code) for code in reach)
    ]


def describe(actor: Actor, version: int) -> ProcedureView:
    """Return one procedure in words; raise `ProcedureUnknown`, also when out of reach."""
    found = ProcedureVersion.objects.filter(pk=version).defer("source").first()
    reached = {(row.procedure, row.scope) for row in visible_versions(actor)}
    if found is None or (found.procedure, found.scope) not in reached:
        raise ProcedureUnknown()
    definition = definition_of(version)
    words = _Words(organisations.role_names(), areas.level_names(found.scope or None))
    faults = {problem.line: problem.message for problem in play_all(definition)}
    running = visible_cases(actor).filter(version=version, status=Status.OPEN).count()
    return ProcedureView(
        row=VersionRow(
            found.pk, found.procedure, found.scope, found.number, found.name, found.published_at
        ),
        scope_name=areas.path_name(found.scope) if found.scope else str(_("全部区域")),
        basis=definition.basis,
        drawing=drawing(definition),
        stages=tuple(_stage(stage, words) for stage in definition.stages.values()),
        moves=tuple(_move(definition, move, words) for move in definition.moves),
        scenarios=tuple(_scenario(definition, told, faults) for told in definition.scenarios),
        outcomes=tuple(outcome.name for outcome in definition.outcomes.values()),
        running=running,
    )


def span_words(span: Span) -> str:
    """Return a span in words, e.g. 5个工作日."""
    words = {
        "workdays": _("%(n)d个工作日"),
        "days": _("%(n)d天"),
        "hours": _("%(n)d小时"),
        "minutes": _("%(n)d分钟"),
    }
    return str(words[span.unit] % {"n": span.amount})


@dataclass(frozen=True, slots=True)
class _Words:
    """What roles and levels are called here."""

    roles: Mapping[str, str]
    levels: Mapping[str, str]


def _owner(owner: Owner | None, names: _Words) -> str:
    if owner is None:
        return str(_("到时自动进行"))
    if owner.role and owner.level:
        place = names.levels.get(owner.level, owner.level)
        words = f"{place} {names.roles.get(owner.role, owner.role)}"
        return str(_("%(who)s（认领）") % {"who": words}) if owner.pool else words
    if owner.organisation_kind:
        return organisations.organisation_kinds()[owner.organisation_kind].name
    if owner.person_from:
        return str(_("指定的承办人"))
    return str(_("指定的单位分头办理") if owner.fan_out_from else _("指定的主办与协办单位"))


_BY_CATEGORY = {
    "always": gettext_lazy("%(span)s，分类另有期限的按分类"),
    "shorter": gettext_lazy("%(span)s，分类的期限更短的按分类"),
}


def _stage(stage: Stage, names: _Words) -> StageTold:
    due = span_words(stage.due.span) if stage.due else ""
    if stage.due and stage.due.by_category:
        due = str(_BY_CATEGORY[stage.due.by_category] % {"span": due})
    if not due and stage.clock:
        due = str(_("%(span)s后自动进行") % {"span": span_words(stage.clock.after)})
    basis = stage.due.basis if stage.due else ""
    return StageTold(stage.key, stage.name, _owner(stage.owner, names), due, basis)


def _name(definition: Definition, place: str) -> str:
    stage = definition.stages.get(place)
    return stage.name if stage else definition.outcomes[place].name


def _move(definition: Definition, move: Move, names: _Words) -> MoveTold:
    asked = [field.label for field in move.form if field.required]
    asked += [
        str(_("材料：%(kind)s %(n)d份")) % {"kind": kind, "n": count}
        for kind, count in move.evidence.items()
    ]
    by = {
        "owner": "",
        "reporter": str(_("反映人")),
        "clock": str(_("到时自动进行")),
        "role": _owner(move.by, names),
    }[move.moved_by]
    return MoveTold(
        move.key,
        move.name,
        _name(definition, move.source),
        _name(definition, move.target),
        by,
        tuple(asked),
    )


def _scenario(definition: Definition, told: Scenario, faults: Mapping[int, str]) -> ScenarioTold:
    def words(reference: str) -> str:
        return next((m.name for m in definition.moves if reference in (m.key, m.name)), reference)

    walked = tuple(
        str(_("等%(span)s") % {"span": span_words(step.wait)}) if step.wait else words(step.move)
        for step in told.walk
    )
    refused = tuple(words(step.move) for step in told.refuse)
    ends = _name(definition, told.ends) if told.ends else ""
    return ScenarioTold(told.name, walked, refused, ends, faults.get(told.line, ""))
