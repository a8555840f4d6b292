"""What the documents say holds: links lead somewhere, commands exist, glossary words are used."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from gongzhi.cli.entry import parser
from gongzhi.config.environment import ROOT

DOCUMENTS = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = [
    path.read_text("utf-8")
    for ending in ("*.py", "*.yaml", "*.sql")
    for path in (ROOT / "src").rglob(ending)
    if "migrations" not in path.parts and path.name != Path(__file__).name
]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_lead_somewhere(document: Path) -> None:
    found = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
    missing = [
        link for link in found if "://" not in link and not (document.parent / link).exists()
    ]
    assert missing == []


def _subcommands(known: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    actions = known._actions
    found = [one for one in actions if isinstance(one, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_named_commands_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    commands = _subcommands(parser())
    for first, second in re.findall(
        r"(?:^    |`)gongzhi ([a-z]+)(?: ([a-z]+)\b)?", text, re.MULTILINE
    ):
        assert first in commands, first
        inner = _subcommands(commands[first])
        assert not inner or not second or second in inner, f"{first} {second}"
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    goals = re.findall(r"(?:^    |`)make ([a-z-]+(?: [a-z-]+)*)", text, re.MULTILINE)
    assert {word for words in goals for word in words.split()} <= targets


def test_both_readmes_show_the_same_commands() -> None:
    shown = [
        [line.partition("#")[0].strip() for line in text.splitlines() if line.startswith("    ")]
        for text in ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    ]
    assert shown[0] == shown[1]


def _glossary() -> list[tuple[str, str]]:
    rows = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    cells = [row.split("|")[1:-1] for row in rows if row.startswith("| ")][1:]
    return [(cell[0].strip(), word) for cell in cells for word in re.findall("`([^`]+)`", cell[2])]


@pytest.mark.parametrize(("term", "word"), _glossary())
def test_a_word_of_the_glossary_is_used_in_the_code(term: str, word: str) -> None:
    app, _, model = word.rpartition(".")
    if app:
        models = ROOT / "src" / "gongzhi" / app
        wanted = re.compile(rf"^class {re.escape(model)}\b", re.MULTILINE)
        texts = [path.read_text("utf-8") for path in models.rglob("*.py")]
    else:
        wanted = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        texts = CODE
    assert any(wanted.search(text) for text in texts), f"{term}: {word}"
