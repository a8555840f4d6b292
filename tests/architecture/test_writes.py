"""What may be read and written where: writes in actions, reads in queries, no hidden hooks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.sources import NOT_APPS, Source, functions, sources

_WRITES = {
    "save", "create", "update", "delete", "get_or_create", "update_or_create",
    "bulk_create", "bulk_update", "raw_delete",
}  # fmt: skip
_READERS = {"actions", "queries", "models"}
_APPENDS = "append-only"


def _ours() -> list[Source]:
    return [one for one in sources() if not one.is_test and one.app not in NOT_APPS]


def _touches_records(node: ast.expr) -> bool:
    """Whether the call chain of *node* starts at a manager (`X.objects…`) or at a record."""
    return any(isinstance(one, ast.Attribute) and one.attr == "objects" for one in ast.walk(node))


def _manager_uses(one: Source) -> Iterator[int]:
    for node in ast.walk(one.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
            yield node.lineno


def _write_calls(one: Source) -> Iterator[int]:
    """Lines that write records: a writing method of a queryset, or `.save()` of anything."""
    for node in ast.walk(one.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name = node.func.attr
        if name in ("save", "bulk_create", "bulk_update", "get_or_create", "update_or_create") or (
            name in _WRITES and _touches_records(node.func.value)
        ):
            yield node.lineno


def test_records_are_written_in_actions_only() -> None:
    beside = [
        f"{one.name}:{line}"
        for one in _ours()
        if one.room != "actions"
        for line in _write_calls(one)
        # Pillow's images and uploaded files are saved as well; they are no records.
        if "image" not in one.text.splitlines()[line - 1].lower()
    ]
    assert not beside, beside


def test_managers_are_used_in_actions_and_queries_only() -> None:
    beside = [
        f"{one.name}:{line}"
        for one in _ours()
        if one.room not in _READERS
        for line in _manager_uses(one)
    ]
    assert not beside, beside


def test_signals_are_not_used() -> None:
    hooked = [
        one.name
        for one in _ours()
        for node in ast.walk(one.tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[-1] in ("signals", "dispatch")
    ]
    assert not hooked, hooked


def test_public_actions_run_as_actions_for_a_named_actor() -> None:
    """What other apps may call in a room of actions either is an @action or says why not."""
    faults = []
    for one in _ours():
        if one.room != "actions":
            continue
        for node in functions(one.tree):
            marked = {item.id for item in node.decorator_list if isinstance(item, ast.Name)}
            keywords = [argument.arg for argument in node.args.kwonlyargs]
            if "action" in marked and "actor" not in keywords:
                faults.append(f"{one.name}:{node.lineno} {node.name}")
    assert not faults, faults
