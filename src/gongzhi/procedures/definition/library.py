"""What procedure files may refer to: the shared fields, and the procedures a variant extends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from gongzhi.procedures.definition.nodes import Node, read_tree
from gongzhi.procedures.definition.problems import Problem

BASE = Path(__file__).resolve().parents[2] / "districts" / "_base"
_CHAIN = 4


@dataclass(frozen=True, slots=True)
class Library:
    """Shared fields and base procedures as trees, and what was wrong in their files."""

    fields: Mapping[str, Node] = field(default_factory=dict)
    procedures: Mapping[str, Node] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def load_library(folder: Path) -> Library:
    """Read `fields.yaml` and `procedures/*.yaml` below a district's folder."""
    problems: list[Problem] = []
    fields: dict[str, Node] = {}
    procedures: dict[str, Node] = {}
    shared = folder / "fields.yaml"
    if shared.is_file():
        tree = _read(shared, problems)
        fields = dict(tree.mapping or {}) if tree else {}
    for path in sorted((folder / "procedures").glob("*.yaml")):
        tree = _read(path, problems)
        key = tree.mapping.get("procedure") if tree and tree.mapping else None
        if tree is not None and key is not None and key.text:
            procedures[key.text] = tree
    return Library(fields, procedures, tuple(problems))


@cache
def base_library() -> Library:
    """The library every district may build on, read once per process."""
    return load_library(BASE)


def _read(path: Path, problems: list[Problem]) -> Node | None:
    text, fault = read_text(path)
    if fault:
        problems.append(fault)
        return None
    tree, found = read_tree(text, str(path))
    problems.extend(found)
    return tree


def read_text(path: Path) -> tuple[str, Problem | None]:
    """The file's text, or the problem that kept it from being read."""
    try:
        return path.read_text(encoding="utf-8-sig"), None
    except UnicodeDecodeError:
        return "", Problem(str(path), 1, "文件不是 UTF-8 编码", "用 UTF-8 重新保存")
    except OSError as error:
        return "", Problem(str(path), 1, f"文件打不开（{error.strerror}）", "检查路径和权限")


def resolve(tree: Node, library: Library, problems: list[Problem]) -> Node:
    """The tree with what it extends merged below it; itself when it extends nothing."""
    return _resolve(tree, library, problems, ())


def _resolve(tree: Node, library: Library, problems: list[Problem], chain: Sequence[str]) -> Node:
    entries = tree.mapping or {}
    reference = entries.get("extends")
    if reference is None:
        return tree
    key = reference.text or ""
    base = library.procedures.get(key)
    if base is None or base.file == tree.file:
        mend = "extends 写基础流程的编号"
        problems.append(Problem(tree.file, reference.line, f"没有可以沿用的流程 {key}", mend))
        return tree
    if key in chain or len(chain) >= _CHAIN:
        problems.append(Problem(tree.file, reference.line, "extends 绕成了圈", "只沿用一份"))
        return tree
    below = _resolve(base, library, problems, (*chain, key))
    return _merge_procedure(below, tree, problems)


def _merge_procedure(base: Node, over: Node, problems: list[Problem]) -> Node:
    merged = dict(base.mapping or {})
    for key, node in (over.mapping or {}).items():
        if key == "extends":
            continue
        below = merged.get(key)
        if below is not None and key in {"moves", "scenarios"}:
            merged[key] = _merge_list(below, node, problems)
        elif below is not None and key in {"stages", "outcomes", "fields", "defaults"}:
            merged[key] = _merge_entries(below, node, deep=key in {"stages", "outcomes"})
        else:
            merged[key] = node
    return Node(merged, over.file, over.line)


def _merge_entries(base: Node, over: Node, *, deep: bool) -> Node:
    """Entry by entry; `null` takes an entry away, new ones come last."""
    if base.mapping is None or over.mapping is None:
        return over
    merged = dict(base.mapping)
    for key, node in over.mapping.items():
        below = merged.get(key)
        if node.value is None:
            merged.pop(key, None)
        elif deep and below is not None and below.mapping and node.mapping is not None:
            merged[key] = _merge_entries(below, node, deep=False)
        else:
            merged[key] = node
    return Node(merged, over.file, over.line)


def _merge_list(base: Node, over: Node, problems: list[Problem]) -> Node:
    """`{change: x, …}` overrides the item called x, `{remove: x}` drops it, others are added."""
    if base.items is None or over.items is None:
        return over
    merged = list(base.items)
    for item in over.items:
        entries = item.mapping or {}
        verb = next((verb for verb in ("change", "remove") if verb in entries), None)
        if verb is None:
            merged.append(item)
            continue
        name = entries[verb].text or ""
        places = [place for place, known in enumerate(merged) if _is_called(known, name)]
        if not places:
            problems.append(
                Problem(item.file, item.line, f"基础流程里没有“{name}”", "写基础流程里的 id 或名称")
            )
        for place in reversed(places):
            if verb == "remove":
                del merged[place]
            else:
                merged[place] = _changed(merged[place], item)
    return Node(merged, over.file, over.line)


def _changed(known: Node, change: Node) -> Node:
    entries = dict(known.mapping or {})
    for key, node in (change.mapping or {}).items():
        if key == "change":
            continue
        if node.value is None:
            entries.pop(key, None)
        else:
            entries[key] = node
    return Node(entries, change.file, change.line)


def _is_called(node: Node, name: str) -> bool:
    entries = node.mapping or {}
    called = [entries[key].text for key in ("id", "name") if key in entries]
    return bool(name) and name in called
