"""Procedures speak English to who reads it: every word of the shipped files has one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from gongzhi.kernel.districts import SHIPPED
from gongzhi.procedures.definition import Definition, Field, read
from gongzhi.procedures.definition.library import base_library

DISTRICTS = sorted(one for one in SHIPPED.parent.iterdir() if (one / "english.csv").is_file())


def _english(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in (SHIPPED, folder):
        with (place / "english.csv").open(encoding="utf-8", newline="") as lines:
            found |= {row["zh"]: row["en"] for row in csv.DictReader(lines)}
    return found


def _of_field(field: Field) -> Iterator[str]:
    yield from (field.label, field.hint, *(one.label for one in field.choices))
    for column in field.columns:
        yield from _of_field(column)


def _words(found: Definition) -> Iterator[str]:
    yield from (found.name, found.public_name)
    for stage in found.stages.values():
        yield from (stage.name, stage.public_name, stage.due.basis if stage.due else "")
    for move in found.moves:
        yield from (move.name, move.public_name)
        for field in move.form:
            yield from _of_field(field)
    yield from (found.recuse.reasons.values() if found.recuse else ())
    for outcome in found.outcomes.values():
        yield from (outcome.name, outcome.public_name)


@pytest.mark.parametrize("folder", DISTRICTS, ids=lambda one: one.name)
def test_every_word_of_the_files_has_its_english(folder: Path) -> None:
    english = _english(folder)
    missing = set()
    for file in (folder / "procedures").glob("*.yaml"):
        definition, _problems = read(
            file.read_text(encoding="utf-8"), file=str(file), library=base_library()
        )
        assert definition is not None
        missing |= {word for word in _words(definition) if word} - set(english)
    known = folder / ("levels.yaml" if folder == SHIPPED else "district.yaml")
    levels = yaml.safe_load(known.read_text(encoding="utf-8")).get("levels") or {}
    missing |= set(levels.values()) - set(english)
    assert not missing
    assert all(english.values())
