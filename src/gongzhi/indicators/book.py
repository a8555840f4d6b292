"""The book of measures and indicators: read from YAML, each fault named by file, line and mend."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.indicators.choices import (
    BOOK,
    CARD_FIELDS,
    DAYS,
    DIRECTIONS,
    FACT_FIELDS,
    NOW,
    STANDING_FIELDS,
    SUMS,
    UNITS,
)
from gongzhi.indicators.errors import BookInvalid, Fault
from gongzhi.indicators.formula import Formula, FormulaInvalid, read_formula
from gongzhi.kernel.districts import SHIPPED, files_of

HOME = SHIPPED / BOOK
HEADS: Mapping[str, type] = {
    "answering": list,
    "measures": list,
    "indicators": list,
    "shares": list,
    "page": dict,
    "public": dict,
    "minutes": dict,
    "backlog": dict,
}
Conditions = tuple[tuple[str, frozenset[Any]], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: cards by a day of theirs, or facts of one kind."""

    id: str
    of: str
    day: str
    where: Conditions
    sum: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name and a note in each language."""

    names: Mapping[str, str]
    notes: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return _in_language(self.names)

    @property
    def note(self) -> str:
        """How it is counted, in the reader's language."""
        return _in_language(self.notes)


@dataclass(frozen=True, slots=True)
class Indicator(Named):
    """A formula over measures, and how its value is shown and opened."""

    id: str
    formula: Formula
    unit: str
    better: str
    n: Formula | None = None
    minimum: int = 0
    list: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SharePart(Named):
    """One part of a whole."""

    measure: str
    list: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Share(Named):
    """A whole and its parts."""

    id: str
    whole: str
    parts: tuple[SharePart, ...]
    list: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the file says."""

    measures: Mapping[str, Measure]
    indicators: Mapping[str, Indicator]
    shares: Mapping[str, Share]
    answering: frozenset[str]
    page: Mapping[str, tuple[str, ...]]
    public: Mapping[str, Any]
    minutes: Mapping[str, float]
    backlog: Mapping[str, str]
    digest: str

    def of_cards(self) -> tuple[Measure, ...]:
        """Return the measures kept in tallies that count cards."""
        return tuple(m for m in self.measures.values() if m.of == "cards" and m.day != NOW)

    def of_facts(self) -> dict[str, tuple[Measure, ...]]:
        """Return the measures that count facts, by kind."""
        found: dict[str, tuple[Measure, ...]] = {}
        for one in self.measures.values():
            if one.of != "cards":
                found[one.of] = (*found.get(one.of, ()), one)
        return found


def _in_language(words: Mapping[str, str]) -> str:
    language = (get_language() or "zh")[:2]
    return words.get(language) or words.get("zh", "")


@functools.cache
def book() -> Book:
    """Return this installation's book, the district's own over the one that ships.

    Raises `BookInvalid`.
    """
    files = [(one.read_text("utf-8"), f"{one.parent.name}/{BOOK}") for one in files_of(BOOK)]
    return read_books(files)


def read_book(text: str, file: str) -> Book:
    """Read a book by itself; raise `BookInvalid` with every fault found."""
    return read_books([(text, file)])


def read_books(texts: Sequence[tuple[str, str]]) -> Book:
    """Read (text, file) pairs, each replacing what it names of those before.

    Raises `BookInvalid` with every fault found.
    """
    return _Reading().book(texts)


class _Reading:
    """Collects the faults of all files, so that all of them can be mended in one go."""

    def __init__(self) -> None:
        self.file = ""
        self.faults: list[Fault] = []
        # By identity: what was read is kept beside its place, so that no other takes it over.
        self.places: dict[int, tuple[object, str, int]] = {}

    def fault(self, at: object, message: str, mend: str) -> None:
        _at, file, line = self.places.get(id(at), (at, self.file, 1))
        self.faults.append(Fault(file, line, message, mend))

    def book(self, texts: Sequence[tuple[str, str]]) -> Book:
        whole = self._merged(texts)
        measures = self._named(whole, "measures", self._measure)
        self.measures = measures
        indicators = self._named(whole, "indicators", self._indicator)
        shares = self._named(whole, "shares", self._share)
        page = {name: tuple(wanted) for name, wanted in whole.get("page", {}).items()}
        for head in ("page", "public"):
            self._shown(whole.get(head, {}), indicators)
        for name in whole.get("backlog", {}).values():
            self._measured(whole["backlog"], str(name))
        if self.faults:
            raise BookInvalid(self.faults)
        counted = str(sorted(map(repr, whole["measures"]))) + str(whole.get("answering"))
        return Book(
            measures=measures,
            indicators=indicators,
            shares=shares,
            answering=frozenset(whole.get("answering") or ()),
            page=page,
            public=whole.get("public", {}),
            minutes=whole.get("minutes", {}),
            backlog=whole.get("backlog", {}),
            digest=hashlib.sha256(counted.encode()).hexdigest(),
        )

    def _shown(self, shown: Mapping[str, Any], indicators: Mapping[str, Indicator]) -> None:
        for wanted in shown.values():
            for one in wanted if isinstance(wanted, list) else ():
                if one not in indicators:
                    message = _("没有指标“%(id)s”") % {"id": one}
                    self.fault(shown, message, _("先在 indicators 里写出来"))

    def _merged(self, texts: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return what the files say together; entries with an id and keys are replaced singly."""
        whole: dict[str, Any] = {}
        for text, self.file in texts:
            for head, part in self._plain(text).items():
                whole[head] = self._over(whole.get(head), part)
        if not isinstance(whole.get("measures"), list):
            lacking = _("缺少列表 measures:"), _("写上 measures: 并逐项列出")
            raise BookInvalid([Fault(self.file, 1, *lacking)])
        return whole

    def _over(self, known: Any, part: Any) -> Any:
        if isinstance(known, dict) and isinstance(part, dict):
            made: Any = {**known, **part}
            self.places[id(made)] = (made, *self.places[id(part)][1:])
            return made
        if not isinstance(part, list) or not all(isinstance(one, dict) for one in part):
            return part
        left = list(part)
        kept = [self._replaced(one, left) for one in known or []]
        return [*kept, *left]

    def _replaced(self, entry: Any, left: list[Any]) -> Any:
        key = entry.get("id") if isinstance(entry, dict) else None
        place = next((n for n, one in enumerate(left) if key and one.get("id") == key), None)
        return entry if place is None else left.pop(place)

    def _plain(self, text: str) -> dict[str, Any]:
        """Return a file's values, and remember the place of each mapping."""
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise BookInvalid(
                [Fault(self.file, line, _("YAML 写法有误"), _("检查缩进和括号"))]
            ) from None
        found = self._value(node)
        if found is None:
            return {}
        if not isinstance(found, dict):
            said = _("最外层不是“键: 值”"), _("可用：") + "、".join(HEADS)
            raise BookInvalid([Fault(self.file, 1, *said)])
        self._heads(found)
        return found

    def _heads(self, found: dict[str, Any]) -> None:
        for head, part in found.items():
            wanted = HEADS.get(head)
            if wanted is None:
                message = _("不认识的键“%(key)s”") % {"key": head}
                self.fault(found, message, _("可用：") + "、".join(HEADS))
            elif not isinstance(part, wanted):
                message = _("“%(key)s”下的写法有误") % {"key": head}
                raise BookInvalid([Fault(self.file, 1, message, _("照 _base 里的样子写"))])

    def _value(self, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            made: Any = {str(key.value): self._value(value) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode):
            made = [self._value(one) for one in node.value]
        else:
            return yaml.SafeLoader("").construct_object(node) if node is not None else None
        self.places[id(made)] = (made, self.file, node.start_mark.line + 1)
        return made

    def _named(self, whole: dict[str, Any], head: str, read: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for entry in whole.get(head) or []:
            key = entry.get("id") if isinstance(entry, dict) else None
            if not isinstance(key, str) or key in found:
                self.fault(entry, _("缺少 id，或 id 写了两次"), _("每一项写一个不同的 id"))
                continue
            made = read(entry)
            if made is not None:
                found[key] = made
        return found

    def _known(self, entry: dict[str, Any], *allowed: str) -> None:
        for key in entry:
            if key not in ("id", *allowed):
                message = _("不认识的键“%(key)s”") % {"key": key}
                self.fault(entry, message, _("可用：") + "、".join(allowed))

    def _one_of(self, entry: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str:
        value = entry.get(key, "")
        if value not in allowed:
            message = _("%(key)s 不能是“%(value)s”") % {"key": key, "value": value}
            self.fault(entry, message, _("可用：") + "、".join(allowed))
        return str(value)

    def _measure(self, entry: dict[str, Any]) -> Measure | None:
        self._known(entry, "of", "day", "where", "sum")
        of = str(entry.get("of", ""))
        day = entry.get("day", "")
        if of == "cards":
            day = self._one_of(entry, "day", (*DAYS, NOW))
        elif "." not in of:
            message = _("%(key)s 不能是“%(value)s”") % {"key": "of", "value": of}
            self.fault(entry, message, _("写 cards，或一种事实的名字"))
        total = self._one_of(entry, "sum", SUMS) if "sum" in entry else ""
        return Measure(entry["id"], of, str(day), self._conditions(entry, of, str(day)), total)

    def _conditions(self, entry: dict[str, Any], of: str, day: str) -> Conditions:
        known = STANDING_FIELDS if day == NOW else CARD_FIELDS
        found = []
        for key, value in (entry.get("where") or {}).items():
            if of == "cards" and key not in known:
                message = _("卡片上没有“%(key)s”") % {"key": key}
                self.fault(entry, message, _("可用：") + "、".join(known))
            found.append((key, frozenset(value if isinstance(value, list) else [value])))
        # What is told of the case comes first: most facts are of other procedures.
        return tuple(sorted(found, key=lambda one: one[0] not in FACT_FIELDS))

    def _names(self, entry: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        named = entry.get("name")
        if not isinstance(named, dict) or not named.get("zh") or not named.get("en"):
            self.fault(entry, _("缺少名称"), _("写上 name: {zh: …, en: …}"))
            named = {}
        return named, entry.get("note") or {}

    def _indicator(self, entry: dict[str, Any]) -> Indicator | None:
        self._known(entry, "name", "note", "formula", "unit", "better", "n", "minimum", "list")
        names, notes = self._names(entry)
        unit = self._one_of(entry, "unit", UNITS)
        better = self._one_of(entry, "better", DIRECTIONS)
        formula = self._formula(entry, "formula")
        n = self._formula(entry, "n") if entry.get("n") else None
        if formula is None:
            return None
        for one in sorted(formula.names | (n.names if n else frozenset())):
            self._measured(entry, one)
        minimum = int(entry.get("minimum") or 0)
        listed = entry.get("list") or {}
        return Indicator(names, notes, entry["id"], formula, unit, better, n, minimum, listed)

    def _formula(self, entry: dict[str, Any], key: str) -> Formula | None:
        try:
            return read_formula(str(entry.get(key, "")))
        except FormulaInvalid as error:
            message = _("公式有误：%(why)s") % {"why": error}
            self.fault(entry, message, _("只用度量、数字、加减乘除和括号"))
            return None

    def _measured(self, entry: dict[str, Any], name: str) -> None:
        if name not in self.measures:
            message = _("没有度量“%(name)s”") % {"name": name}
            self.fault(entry, message, _("先在 measures 里写出来"))

    def _share(self, entry: dict[str, Any]) -> Share | None:
        self._known(entry, "name", "note", "whole", "parts", "list")
        names, notes = self._names(entry)
        self._measured(entry, str(entry.get("whole")))
        parts = []
        for part in entry.get("parts") or []:
            self._measured(part, str(part.get("measure")))
            parts.append(SharePart(*self._names(part), part.get("measure"), part.get("list") or {}))
        listed = entry.get("list") or {}
        return Share(names, notes, entry["id"], str(entry.get("whole")), tuple(parts), listed)
