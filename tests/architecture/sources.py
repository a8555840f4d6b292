"""Reads the source tree once for the tests of this folder."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "src" / "gongzhi"
NOT_APPS = {"cli", "config", "kernel", "districts", "locale", "__pycache__"}


@dataclass(frozen=True)
class Source:
    """One Python file of ours."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def app(self) -> str:
        return self.path.relative_to(HOME).parts[0].removesuffix(".py")

    @property
    def room(self) -> str:
        """Name of the room within the app: `actions` for actions.py and for actions/*.py."""
        parts = self.path.relative_to(HOME).parts
        return parts[1].removesuffix(".py") if len(parts) > 1 else ""

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.parts


@functools.cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the package, except migrations."""
    found = []
    for path in sorted(HOME.rglob("*.py")):
        if "migrations" in path.parts or "__pycache__" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        found.append(Source(path, text, ast.parse(text, str(path))))
    return tuple(found)


def apps() -> list[Path]:
    """The folders of the apps."""
    return [
        folder
        for folder in sorted(HOME.iterdir())
        if folder.is_dir() and folder.name not in NOT_APPS and (folder / "__init__.py").exists()
    ]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in *tree*."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without decorators and docstring."""
    lines = (node.end_lineno or 0) - node.lineno + 1
    first = node.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body alone, without signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many parameters a caller sees."""
    given = node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])
