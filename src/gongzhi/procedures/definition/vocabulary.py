"""The closed lists of names that a procedure may use: roles, levels, guards, effects and more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gongzhi.procedures.definition.library import BASE, read_text
from gongzhi.procedures.definition.model import EACH_ORGANISATION, EACH_ROW
from gongzhi.procedures.definition.nodes import Node, read_tree
from gongzhi.procedures.definition.problems import DefinitionInvalid, Problem

LEVELS = (
    "province",
    "city",
    "district",
    "street",
    "community",
    "grid",
    "building",
    "staircase",
)


@dataclass(frozen=True, slots=True)
class RoleNames:
    """Where a role may be held: at areas of these levels, or in organisations of these kinds."""

    levels: frozenset[str] = frozenset()
    organisation_kinds: frozenset[str] = frozenset()

    def found_from(self, level: str) -> bool:
        """Whether walking up the tree from this level can meet a holder."""
        if level not in LEVELS:
            return False
        above = LEVELS[: LEVELS.index(level) + 1]
        return any(known in self.levels for known in above)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every name a procedure may refer to. An empty list allows nothing."""

    roles: Mapping[str, RoleNames] = field(default_factory=dict)
    organisation_kinds: frozenset[str] = frozenset()
    guards: frozenset[str] = frozenset()
    effects: frozenset[str] = frozenset()
    evidence: Mapping[str, str] = field(default_factory=dict)
    openers: frozenset[str] = frozenset()
    subjects: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[str, ...] = LEVELS


def read_vocabulary(
    *folders: Path,
    guards: Iterable[str] = (),
    effects: Iterable[str] = (),
    openers: Iterable[str] = (),
) -> Vocabulary:
    """The vocabulary of the base folder and of these, later ones adding.

    Roles, organisation kinds, evidence and subjects are data; guards, effects and openers of
    sub-cases are code, so the caller names those that are registered beside the engine's own.
    Raises `DefinitionInvalid`.
    """
    problems: list[Problem] = []
    roles: dict[str, RoleNames] = {}
    kinds: set[str] = set()
    words: dict[str, dict[str, str]] = {"evidence": {}, "subjects": {}}
    for folder in (BASE, *folders):
        roles |= _roles(folder / "roles.yaml", problems)
        kinds |= _kinds(folder / "organisation_kinds.yaml", problems)
        _words(folder / "vocabulary.yaml", words, problems)
    if problems:
        raise DefinitionInvalid(problems)
    return Vocabulary(
        roles=roles,
        organisation_kinds=frozenset(kinds),
        guards=frozenset(guards),
        effects=frozenset(effects),
        evidence=words["evidence"],
        openers=frozenset({EACH_ROW, EACH_ORGANISATION, *openers}),
        subjects=words["subjects"],
    )


def _entries(path: Path, problems: list[Problem]) -> dict[str, Node]:
    if not path.is_file():
        return {}
    text, fault = read_text(path)
    if fault:
        problems.append(fault)
        return {}
    tree, found = read_tree(text, str(path))
    problems.extend(found)
    return (tree.mapping or {}) if tree else {}


def _named(path: Path, section: str, problems: list[Problem]) -> dict[str, dict[str, Node]]:
    """The items of a list of `{id: …}`, by id."""
    node = _entries(path, problems).get(section)
    named: dict[str, dict[str, Node]] = {}
    for item in (node.items or []) if node else []:
        entries = item.mapping or {}
        key = entries["id"].text if "id" in entries else None
        if key:
            named[key] = entries
        else:
            problems.append(Problem(str(path), item.line, "这一项没有 id", "加上 id:"))
    return named


def _texts(entries: Mapping[str, Node], key: str) -> frozenset[str]:
    items = entries[key].items if key in entries else None
    return frozenset(item.text for item in items or [] if item.text)


def _roles(path: Path, problems: list[Problem]) -> dict[str, RoleNames]:
    return {
        key: RoleNames(_texts(entries, "levels"), _texts(entries, "organisation_kinds"))
        for key, entries in _named(path, "roles", problems).items()
    }


def _kinds(path: Path, problems: list[Problem]) -> set[str]:
    return set(_named(path, "kinds", problems))


def _words(path: Path, words: dict[str, dict[str, str]], problems: list[Problem]) -> None:
    for section, node in _entries(path, problems).items():
        if section not in words or node.mapping is None:
            mend = f"可用：{'、'.join(words)}"
            problems.append(Problem(str(path), node.line, f"不认识的键 {section}", mend))
            continue
        words[section] |= {key: child.text or key for key, child in node.mapping.items()}
