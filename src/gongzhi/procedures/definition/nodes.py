"""YAML as a tree in which every value knows its file and line, so that each fault can be named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from gongzhi.procedures.definition.problems import Problem

LONGEST = 400_000
DEEPEST = 24

Value: TypeAlias = "dict[str, Node] | list[Node] | str | int | float | bool | None"


@dataclass(slots=True)
class Node:
    """One value of the file; `raw` is a scalar as written, so that a name may be `no` or `1`."""

    value: Value
    file: str
    line: int
    raw: str = ""

    @property
    def mapping(self) -> dict[str, Node] | None:
        """The entries, where this is a mapping."""
        return self.value if isinstance(self.value, dict) else None

    @property
    def items(self) -> list[Node] | None:
        """The items, where this is a list."""
        return self.value if isinstance(self.value, list) else None

    @property
    def text(self) -> str | None:
        """The scalar as written, stripped; None for null, mapping and list."""
        if isinstance(self.value, dict | list) or self.value is None:
            return None
        return self.raw.strip()

    @property
    def is_null(self) -> bool:
        """Whether nothing (or `null`, `none`) was written."""
        return self.value is None or (isinstance(self.value, str) and self.value == "none")

    def plain(self) -> Any:
        """The value as ordinary Python, for the digest and for the stored source."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class _FaultError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_tree(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Read one document. A fault of any sort comes back as a problem, never as an exception."""
    if len(text) > LONGEST:
        return None, [Problem(file, 1, f"文件超过 {LONGEST} 个字符", "拆成几个流程文件")]
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            return None, [Problem(file, 1, "文件是空的", "写上 procedure、name、stages、moves")]
        node = _Converter(file).convert(root, 0)
    except _FaultError as fault:
        return None, [fault.problem]
    except yaml.YAMLError as error:
        return None, [_from_yaml(error, file)]
    except RecursionError:
        return None, [Problem(file, 1, "嵌套太深", f"最多 {DEEPEST} 层")]
    if not isinstance(node.value, dict):
        return None, [Problem(file, node.line, "文件最外层应当是“键: 值”", "以 procedure: 开头")]
    return node, []


def _from_yaml(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "无法读取"
    line = mark.line + 1 if mark else 1
    return Problem(file, line, f"YAML 写法有误（{what}）", "检查这一行的缩进、冒号、引号和括号")


class _Converter:
    """Turns PyYAML's nodes into ours, refusing what would make a file mean two things."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.seen: set[int] = set()
        self.constructor = yaml.constructor.SafeConstructor()

    def convert(self, node: yaml.Node, depth: int) -> Node:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            raise _FaultError(Problem(self.file, line, "不支持 YAML 别名（&、*）", "把内容写全"))
        self.seen.add(id(node))
        if depth > DEEPEST:
            raise _FaultError(Problem(self.file, line, "嵌套太深", f"最多 {DEEPEST} 层"))
        if isinstance(node, yaml.MappingNode):
            return Node(self._entries(node, depth), self.file, line)
        if isinstance(node, yaml.SequenceNode):
            return Node([self.convert(item, depth + 1) for item in node.value], self.file, line)
        return Node(self._scalar(node, line), self.file, line, str(node.value))

    def _entries(self, node: yaml.MappingNode, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise _FaultError(Problem(self.file, line, "键应当是一个词", "把键写成普通文字"))
            name = str(key.value).strip()
            if name in entries:
                raise _FaultError(Problem(self.file, line, f"“{name}”写了两次", "留下一处"))
            child = self.convert(value, depth + 1)
            child.line = line if isinstance(child.value, dict | list) else child.line
            entries[name] = child
        return entries

    def _scalar(self, node: yaml.Node, line: int) -> str | int | float | bool | None:
        """Numbers, booleans and null keep their type; dates and all else stay text."""
        kind = node.tag.rpartition(":")[2]
        if kind not in {"int", "float", "bool", "null"}:
            if kind not in {"str", "timestamp", "value", "merge"}:
                problem = Problem(self.file, line, f"不支持的标记 {node.tag}", "去掉这个标记")
                raise _FaultError(problem)
            return str(node.value)
        try:
            value = self.constructor.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError, KeyError):
            return str(node.value)
        return value if isinstance(value, int | float | bool) or value is None else str(node.value)


def leaves(node: Node) -> Iterator[Node]:
    """Every scalar of the tree."""
    if isinstance(node.value, dict):
        for child in node.value.values():
            yield from leaves(child)
    elif isinstance(node.value, list):
        for child in node.value:
            yield from leaves(child)
    else:
        yield node
