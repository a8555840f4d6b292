"""Files and functions stay small enough to be read whole."""

from __future__ import annotations

import ast

from tests.architecture.sources import (
    HOME,
    apps,
    body_length,
    functions,
    length,
    parameters,
    sources,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
LONGEST_HANDLER = 15
MOST_PARAMETERS = 6


def test_files_are_short() -> None:
    long = {one.name: n for one in sources() if (n := one.text.count("\n")) > LONGEST_FILE}
    assert not long, f"make a package of the same name: {long}"


def test_functions_are_short() -> None:
    long = [
        f"{one.name}:{node.lineno} {node.name} ({length(node)})"
        for one in sources()
        for node in functions(one.tree)
        if length(node) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_functions_take_few_parameters() -> None:
    many = [
        f"{one.name}:{node.lineno} {node.name} ({parameters(node)})"
        for one in sources()
        if not one.is_test
        for node in functions(one.tree)
        if parameters(node) > MOST_PARAMETERS
    ]
    assert not many, "\n".join(many)


def test_handlers_of_pages_and_operations_only_parse_call_and_render() -> None:
    """A handler is what an address leads to; what it shares with others has a name with `_`."""
    long = [
        f"{one.name}:{node.lineno} {node.name} ({body_length(node)})"
        for one in sources()
        if one.room in ("pages", "api", "admin") and not one.is_test
        for node in functions(one.tree)
        if not node.name.startswith("_") and body_length(node) > LONGEST_HANDLER
    ]
    assert not long, "\n".join(long)


def test_modules_open_with_their_purpose() -> None:
    bare = [
        one.name
        for one in sources()
        if one.text.strip()
        and not ast.get_docstring(one.tree)
        and not (one.is_test and one.path.name == "__init__.py")
    ]
    assert not bare, bare


def test_every_app_says_what_it_is_in_five_lines() -> None:
    for folder in (*apps(), HOME / "kernel"):
        readme = folder / "README.md"
        assert readme.is_file(), f"{folder.name} has no README.md"
        lines = [line for line in readme.read_text("utf-8").splitlines() if line.strip()]
        assert 2 <= len(lines) <= 8, f"{folder.name}/README.md has {len(lines)} lines"
