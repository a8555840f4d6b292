"""The timeline of a case: facts of the log joined with what was written on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.facts.queries import FactRow
from gongzhi.facts.queries import timeline as facts_of
from gongzhi.organisations import queries as organisations
from gongzhi.people import queries as people
from gongzhi.procedures.choices import Trigger
from gongzhi.procedures.definition import Definition, Field
from gongzhi.procedures.definition.model import Move
from gongzhi.procedures.models import Entry
from gongzhi.procedures.queries.catalogue import definition_of
from gongzhi.procedures.queries.reading import CaseState, owner_labels


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a form, in words. `public` may be shown to the reporter."""

    key: str
    label: str
    words: str
    public: bool


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of what happened."""

    fact: int
    at: datetime
    kind: str
    text: str
    who: str
    said: tuple[Said, ...] = ()
    stage: str = ""

    @property
    def sentence(self) -> str:
        """Who did what; what follows from the line before needs no second naming of who."""
        who = "" if self.kind in _NOBODY else self.who
        return " ".join(words for words in (who, self.text) if words)


_NOBODY = frozenset(
    {
        "procedures.case_closed",
        "procedures.case_opened",
        "procedures.item_handed_over",
        "procedures.recusal_inherited",
    }
)


def timeline(state: CaseState) -> list[TimelineEntry]:
    """Return everything that happened to a case, oldest first, for those who may see it."""
    return _Telling(state, public=False).lines()


def public_timeline(state: CaseState) -> list[TimelineEntry]:
    """Return what the reporter may read: public names, public answers, no persons."""
    return _Telling(state, public=True).lines()


def opening_words(state: CaseState) -> tuple[Said, ...]:
    """Return what a case was opened with, in words: what its parent told it."""
    return next((line.said for line in timeline(state) if line.said), ())


_PUBLIC_KINDS = frozenset(
    {
        "procedures.case_opened",
        "procedures.moved",
        "procedures.case_closed",
        "procedures.case_reopened",
        "procedures.case_cancelled",
        "procedures.pause_ruled",
    }
)
_SILENT = frozenset({"procedures.stage_entered"})
_OF_RECUSAL = frozenset(
    {"procedures.recused", "procedures.recusal_inherited", "procedures.recusal_taken_back"}
)


class _Telling:
    """Tells one case: all look-ups are made once, then every fact becomes a line."""

    def __init__(self, state: CaseState, *, public: bool) -> None:
        self.state = state
        self.public = public
        self.definition: Definition = definition_of(state.version)
        self.facts = [f for f in facts_of(state.id) if self._told(f)]
        self.entries = {e["id"]: e for e in Entry.objects.filter(case_id=state.id).values()}
        owners = {f.data["owner"] for f in self.facts if f.data.get("owner")}
        self.owners = owner_labels(owners) if owners else {}
        persons = self._named("person")
        if not public:
            persons |= {f.actor for f in self.facts if f.actor}
            persons |= {f.data["account"] for f in self.facts if f.kind in _OF_RECUSAL}
        self.persons = people.display_names(persons) if persons else {}
        named = self._named("organisation", "organisations")
        self.named = organisations.organisation_names(named) if named else {}

    def _told(self, fact: FactRow) -> bool:
        if not fact.kind.startswith("procedures.") or fact.kind in _SILENT:
            return False
        return not self.public or fact.kind in _PUBLIC_KINDS

    def _named(self, *types: str) -> set[int]:
        """Return whom the entries name in fields of these types."""
        fields = self.definition.fields
        answers = [pair for entry in self.entries.values() for pair in entry["data"].items()]
        return set().union(*(_named_in(fields.get(k), value, *types) for k, value in answers))

    def lines(self) -> list[TimelineEntry]:
        """Return the told facts as lines."""
        told = [self._line(fact) for fact in self.facts]
        return [line for line in told if line.text]

    def _line(self, fact: FactRow) -> TimelineEntry:
        move = self._move(fact)
        return TimelineEntry(
            fact=fact.id,
            at=fact.at,
            kind=fact.kind,
            text=self._text(fact, move),
            who=self._who(fact),
            said=self._said(fact, move),
            stage=fact.data.get("source", ""),
        )

    def _move(self, fact: FactRow) -> Move | None:
        if fact.kind != "procedures.moved":
            return None
        return self.definition.move(fact.data["source"], fact.data["move"])

    def _text(self, fact: FactRow, move: Move | None) -> str:
        if move is not None:
            if self.public and move.internal:
                return ""
            return move.public_name if self.public else move.name
        words = _WORDS.get(fact.kind)
        return words(self, fact.data) if words else ""

    def _who(self, fact: FactRow) -> str:
        if fact.actor_kind == "reporter":
            return _("反映人")
        if fact.actor_kind == "system":
            return "" if self.public else _("系统")
        owner = self.owners.get(fact.data.get("owner", ""), "")
        if self.public:
            return owner
        return " ".join(w for w in (owner, self.persons.get(fact.actor or 0, "")) if w)

    def _said(self, fact: FactRow, move: Move | None) -> tuple[Said, ...]:
        entry = self.entries.get(fact.data.get("entry") or 0)
        if entry is None:
            return ()
        fields = {f.key: f for f in move.form} if move else self.definition.fields
        form: Mapping[str, Field] = fields
        said = []
        for key, value in entry["data"].items():
            field = form.get(key) or Field(key=key, label=_("说明"), type="long_text")
            if field.type == "files" or (self.public and not field.public):
                continue
            said.append(Said(key, field.label, self._words(field, value), field.public))
        return tuple(said)

    def _words(self, field: Field, value: Any) -> str:
        if field.type == "choice":
            return next((c.label for c in field.choices if c.key == value), str(value))
        if field.type == "organisation":
            return self.named.get(value, "")
        if field.type == "organisations":
            return "、".join(self.named.get(item, "") for item in value)
        if field.type == "person":
            return self.persons.get(value, _("个人"))
        if field.type == "rows":
            return "；".join(self._row(field, row) for row in value)
        if field.type == "boolean":
            return _("是") if value else _("否")
        return str(value)

    def _row(self, field: Field, row: Mapping[str, Any]) -> str:
        columns = {column.key: column for column in field.columns}
        return "，".join(self._words(columns[key], row[key]) for key in columns if row.get(key))

    def outcome(self, data: Mapping[str, Any]) -> str:
        """Return the outcome's name for this reader."""
        found = self.definition.outcomes.get(data["outcome"])
        if found is None:
            return str(data["outcome"])
        return found.public_name if self.public else found.name


def _named_in(field: Field | None, value: Any, *types: str) -> set[int]:
    """Return whom one answer names in fields of these types, in the columns of rows too."""
    if field is None:
        return set()
    if field.type == "rows":
        given = ((column, row.get(column.key)) for row in value for column in field.columns)
        return set().union(*(_named_in(column, part, *types) for column, part in given))
    if field.type in types and value:
        return set(value if isinstance(value, list) else [value])
    return set()


_WORDS: dict[str, Any] = {
    "procedures.case_opened": lambda t, d: _("已登记，编号 %(ref)s") % {"ref": d["reference"]},
    "procedures.item_claimed": lambda t, d: _("认领"),
    "procedures.item_released": lambda t, d: _("退回待认领"),
    "procedures.item_assigned": lambda t, d: _("指派"),
    "procedures.part_closed": lambda t, d: _("办结本单位部分"),
    "procedures.evidence_added": lambda t, d: _("补充材料"),
    "procedures.pause_asked": lambda t, d: _("申请暂停 %(n)d 个工作日") % {"n": d["workdays"]},
    "procedures.pause_ruled": lambda t, d: (
        _("同意暂停计时") if d["approved"] else "" if t.public else _("不同意暂停计时")
    ),
    "procedures.resumed": lambda t, d: _("恢复计时"),
    "procedures.objection_raised": lambda t, d: _("对派单提出异议"),
    "procedures.objection_ruled": lambda t, d: (
        _("异议成立，退回重派") if d["upheld"] else _("异议不成立，继续办理")
    ),
    "procedures.reminded": lambda t, d: _("临近期限，已提醒"),
    "procedures.light_turned": lambda t, d: _("亮红灯") if d["light"] == "red" else _("亮黄灯"),
    "procedures.escalated": lambda t, d: _("超期未办，已升级督办"),
    "procedures.supervision_opened": lambda t, d: (
        _("督办：%(why)s") % {"why": Trigger(d["trigger"]).label}
    ),
    "procedures.supervision_answered": lambda t, d: _("回复督办"),
    "procedures.supervision_closed": lambda t, d: _("督办销号"),
    "procedures.due_set": lambda t, d: _("期限按分类重新确定"),
    "procedures.recused": lambda t, d: (
        _("责令%(who)s回避") % {"who": t.persons.get(d["account"], "")}
        if d["ordered"]
        else _("自行回避")
    ),
    "procedures.recusal_inherited": lambda t, d: (
        _("%(who)s已回避相关事项，这里同样回避") % {"who": t.persons.get(d["account"], "")}
    ),
    "procedures.recusal_taken_back": lambda t, d: (
        _("撤回%(who)s的回避") % {"who": t.persons.get(d["account"], "")}
    ),
    "procedures.item_handed_over": lambda t, d: (
        _("转由%(who)s接手") % {"who": t.owners.get(d["owner"], "")}
    ),
    "procedures.question_asked": lambda t, d: (
        _("向反映人提问") if d["to_reporter"] else _("向外单位或个人提问")
    ),
    "procedures.question_extended": lambda t, d: _("延长了提问的期限"),
    "procedures.question_withdrawn": lambda t, d: _("撤回了提问"),
    "procedures.question_answered": lambda t, d: (
        _("回答了提问") if d["to_reporter"] else _("提问得到了回答")
    ),
    "procedures.case_closed": lambda t, d: _("办结：%(how)s") % {"how": t.outcome(d)},
    "procedures.case_reopened": lambda t, d: _("重新打开"),
    "procedures.case_cancelled": lambda t, d: _("撤销"),
}
