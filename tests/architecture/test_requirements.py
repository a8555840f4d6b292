"""What is shipped runs with what is shipped: no import at run time of a maker's tool."""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from django.conf import settings

from tests.architecture.sources import HOME, ROOT

_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)==", re.MULTILINE)


def _plain(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@functools.cache
def _shipped() -> frozenset[str]:
    """The top-level modules that a machine has on which only `base.lock` was installed."""
    lock = (ROOT / "requirements" / "base.lock").read_text("utf-8")
    locked = {_plain(name) for name in _LOCKED.findall(lock)}
    held = {
        module
        for module, owners in packages_distributions().items()
        if locked & {_plain(owner) for owner in owners}
    }
    return frozenset({"gongzhi", *sys.stdlib_module_names, *held})


def _is_of_types(test: ast.expr) -> bool:
    """Whether a condition is `TYPE_CHECKING` or `typing.TYPE_CHECKING`."""
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _runs(node: ast.AST) -> list[ast.AST]:
    """What stands below a node and can run: of `if TYPE_CHECKING` the `else` alone."""
    if isinstance(node, ast.If) and _is_of_types(node.test):
        return list(node.orelse)
    return list(ast.iter_child_nodes(node))


def _named(node: ast.AST) -> list[str]:
    """The modules that one import names, also one of `import_module("…")`."""
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [] if node.level else [node.module or ""]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
        given = [one.value for one in node.args[:1] if isinstance(one, ast.Constant)]
        return [one for one in given if isinstance(one, str)]
    return []


def _imported(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module named by an import that can run, also inside functions, with its line."""
    for module in _named(node):
        yield getattr(node, "lineno", 0), module
    for below in _runs(node):
        yield from _imported(below)


def _foreign(text: str) -> list[tuple[int, str]]:
    """The imports of *text* that fail where only the runtime's requirements are installed."""
    return [
        (line, module)
        for line, module in _imported(ast.parse(text))
        if module.partition(".")[0] not in _shipped()
    ]


def test_shipped_code_imports_only_what_is_shipped_with_it() -> None:
    files = [
        path
        for path in sorted(HOME.rglob("*.py"))
        if not {"tests", "__pycache__"} & set(path.parts) and path.name != "conftest.py"
    ]
    assert any("migrations" in path.parts for path in files)
    found = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in files
        for line, module in _foreign(path.read_text("utf-8"))
    ]
    assert not found, found


def test_settings_name_only_what_is_shipped() -> None:
    named = [*settings.INSTALLED_APPS, *settings.MIDDLEWARE, *settings.AUTHENTICATION_BACKENDS]
    assert not [one for one in named if one.partition(".")[0] not in _shipped()]


def test_a_makers_tool_is_found_wherever_it_is_imported() -> None:
    assert _foreign("import django_stubs_ext") == [(1, "django_stubs_ext")]
    assert _foreign("from django_stubs_ext import StrOrPromise")
    assert _foreign("def late() -> None:\n    import pytest") == [(2, "pytest")]
    assert _foreign("try:\n    import openpyxl\nexcept ImportError:\n    pass")
    assert _foreign("import importlib\nimportlib.import_module('faker.providers')")
    assert _foreign("if TYPE_CHECKING:\n    pass\nelse:\n    import pytest")
    assert not _foreign("if TYPE_CHECKING:\n    from django_stubs_ext import StrOrPromise")
    assert not _foreign("import typing\nif typing.TYPE_CHECKING:\n    import pytest")
    assert not _foreign("import os, yaml, PIL, numpy.linalg\nfrom gongzhi.kernel import clock")
