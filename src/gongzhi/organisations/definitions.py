"""Reads `roles.yaml` and `organisation_kinds.yaml`, naming file, line and mend of each fault."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from gongzhi.kernel.codes import LENGTHS
from gongzhi.organisations.choices import APART, POWERS
from gongzhi.organisations.errors import DefinitionsInvalid, Problem

_KEY = re.compile(r"^[a-z][a-z0-9_]{1,39}$")


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """One role of the file."""

    key: str
    names: dict[str, str]
    levels: tuple[str, ...]
    organisation_kinds: tuple[str, ...]
    powers: tuple[str, ...]
    single: bool = False
    apart: str | None = None


@dataclass(frozen=True, slots=True)
class KindDefinition:
    """One kind of organisation of the file."""

    key: str
    names: dict[str, str]
    parents: tuple[str, ...]
    levels: tuple[str, ...]
    party: bool = False
    root: bool = False


@dataclass
class _Reader:
    """Collects the faults of one file, so that all of them can be mended in one go."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def fault(self, node: yaml.Node | None, message: str, mend: str) -> None:
        line = node.start_mark.line + 1 if node is not None else 1
        self.problems.append(Problem(self.file, line, message, mend))

    def entries(self, text: str, head: str) -> list[dict[str, yaml.Node]]:
        """Return the mappings listed under *head*."""
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            self.problems.append(
                Problem(self.file, line, "YAML 写法有误", "检查这一行的缩进、冒号和括号")
            )
            return []
        listed = self.mapping(root).get(head)
        if not isinstance(listed, yaml.SequenceNode):
            self.fault(root, f"缺少列表 {head}:", f"在文件中写上 {head}: 并逐项列出")
            return []
        return [self.mapping(item) for item in listed.value]

    def mapping(self, node: yaml.Node | None) -> dict[str, yaml.Node]:
        """Return a mapping's entries by key, `""` standing for the mapping itself."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "这里应当是“键: 值”", "检查缩进")
            return {}
        found: dict[str, yaml.Node] = {"": node}
        for key, value in node.value:
            if str(key.value) in found:
                self.fault(key, f"“{key.value}”写了两次", "留下一处")
            found[str(key.value)] = value
        return found

    def known(self, entry: dict[str, yaml.Node], allowed: Collection[str]) -> None:
        """Refuse keys that mean nothing here."""
        for key, node in entry.items():
            if key and key not in allowed:
                self.fault(node, f"不认识的键“{key}”", _nearest(key, allowed))

    def key(self, entry: dict[str, yaml.Node]) -> str:
        """Return the entry's id."""
        node = entry.get("id")
        text = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if not _KEY.match(text):
            self.fault(node or entry.get(""), "缺少 id 或写法有误", "id 用小写字母、数字和下划线")
        return text

    def names(self, entry: dict[str, yaml.Node]) -> dict[str, str]:
        """Return the entry's names by language; Chinese is needed."""
        node = entry.get("name")
        if isinstance(node, yaml.ScalarNode):
            return {"zh": str(node.value)}
        found = self.mapping(node) if node is not None else {}
        names = {key: str(value.value) for key, value in found.items() if key}
        if not names.get("zh"):
            self.fault(node or entry.get(""), "缺少中文名称", "写上 name: {zh: …}")
        return names

    def words(
        self, entry: dict[str, yaml.Node], key: str, allowed: Collection[str] | None, what: str
    ) -> tuple[str, ...]:
        """Return a list of words, each from *allowed*."""
        node = entry.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"{key} 应当是列表", f"写成 {key}: [甲, 乙]")
            return ()
        for item in node.value:
            if allowed is not None and str(item.value) not in allowed:
                self.fault(item, f"没有这个{what}“{item.value}”", _nearest(item.value, allowed))
        return tuple(dict.fromkeys(str(item.value) for item in node.value))

    def flag(self, entry: dict[str, yaml.Node], key: str) -> bool:
        """Return a yes or no, no when absent."""
        node = entry.get(key)
        text = str(node.value) if isinstance(node, yaml.ScalarNode) else "false"
        if text not in ("true", "false"):
            self.fault(node, f"{key} 只能是 true 或 false", "改成 true 或 false")
        return text == "true"

    def once(self, keys: Iterable[tuple[str, yaml.Node | None]]) -> None:
        """Refuse an id that is used twice."""
        seen: set[str] = set()
        for key, node in keys:
            if key in seen:
                self.fault(node, f"id“{key}”用了两次", "改掉其中一个")
            seen.add(key)

    def finish(self) -> None:
        """Raise all that was found."""
        if self.problems:
            raise DefinitionsInvalid(sorted(self.problems))


def _nearest(word: Any, allowed: Collection[str]) -> str:
    close = difflib.get_close_matches(str(word), allowed, n=1)
    return f"是否要写 {close[0]}" if close else f"可用的有：{'、'.join(allowed)}"


def parse_kinds(text: str, file: str, known: Collection[str] = ()) -> tuple[KindDefinition, ...]:
    """Read the kinds of organisation; *known* are keys of other files.

    Raises `DefinitionsInvalid` with every fault.
    """
    reader = _Reader(file)
    entries = reader.entries(text, "kinds")
    keys = [(reader.key(entry), entry.get("id")) for entry in entries]
    reader.once(keys)
    kinds = []
    for entry, (key, node) in zip(entries, keys, strict=True):
        reader.known(entry, ("id", "name", "parents", "levels", "party", "root"))
        parents = reader.words(entry, "parents", [*known, *(k for k, _n in keys)], "组织类型")
        levels = reader.words(entry, "levels", LENGTHS, "层级")
        if not levels:
            reader.fault(node, f"{key} 没有写所在层级", "写上 levels: […]")
        root = not parents or reader.flag(entry, "root")
        party = reader.flag(entry, "party")
        kinds.append(KindDefinition(key, reader.names(entry), parents, levels, party, root))
    for key in _in_ring({kind.key: kind.parents for kind in kinds}):
        reader.fault(dict(keys)[key], f"{key} 的上级最终又是它自己", "去掉成环的 parents")
    reader.finish()
    return tuple(kinds)


def _in_ring(parents: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the kinds that can be reached from themselves."""
    found = []
    for start in parents:
        seen: set[str] = set()
        ways = list(parents[start])
        while ways:
            at = ways.pop()
            if at not in seen:
                seen.add(at)
                ways.extend(parents.get(at, ()))
        if start in seen:
            found.append(start)
    return found


def parse_roles(text: str, file: str, kinds: Collection[str]) -> tuple[RoleDefinition, ...]:
    """Read the roles; *kinds* are the keys of the organisation kinds that exist.

    Raises `DefinitionsInvalid` with every fault.
    """
    reader = _Reader(file)
    entries = reader.entries(text, "roles")
    keys = [(reader.key(entry), entry.get("id")) for entry in entries]
    reader.once(keys)
    roles = [
        _role(reader, entry, key, kinds) for entry, (key, _n) in zip(entries, keys, strict=True)
    ]
    reader.finish()
    return tuple(roles)


def _role(
    reader: _Reader, entry: dict[str, yaml.Node], key: str, kinds: Collection[str]
) -> RoleDefinition:
    reader.known(entry, ("id", "name", "levels", "organisation_kinds", "powers", "single", "apart"))
    levels = reader.words(entry, "levels", LENGTHS, "层级")
    held_in = reader.words(entry, "organisation_kinds", kinds, "组织类型")
    if not levels and not held_in:
        reader.fault(
            entry.get("id"), f"{key} 没有写可设在哪里", "写上 levels 或 organisation_kinds"
        )
    powers = reader.words(entry, "powers", POWERS, "权限")
    node = entry.get("apart")
    apart = str(node.value) if node is not None else None
    if apart is not None and apart not in APART:
        reader.fault(node, f"没有这个分立类别“{apart}”", _nearest(apart, APART))
    single = reader.flag(entry, "single")
    return RoleDefinition(key, reader.names(entry), levels, held_in, powers, single, apart)
