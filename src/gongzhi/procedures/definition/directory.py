"""Checks a district's folder of procedures as a whole, and reads it for publishing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gongzhi.kernel.workcalendar import CalendarInvalid, read_calendar
from gongzhi.procedures.definition.checking import check
from gongzhi.procedures.definition.library import (
    BASE,
    Library,
    base_library,
    load_library,
    read_text,
)
from gongzhi.procedures.definition.model import Definition
from gongzhi.procedures.definition.problems import Problem
from gongzhi.procedures.definition.reading import read
from gongzhi.procedures.definition.subcases import between
from gongzhi.procedures.definition.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Report:
    """What was read, and everything wrong with it. Truthy when nothing is wrong."""

    definitions: tuple[Definition, ...]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    scenarios: int

    def __bool__(self) -> bool:
        return not self.problems

    def lines(self) -> list[str]:
        """The report in words, one line each, for a terminal."""
        told = [str(problem) for problem in self.problems]
        counted = f"{len(self.files)} 个流程文件，{self.scenarios} 个示例"
        told.append(f"{counted}：{f'{len(told)} 处要改' if told else '没有问题'}")
        return told


def check_text(
    text: str, *, file: str, vocabulary: Vocabulary, library: Library | None = None
) -> tuple[Definition | None, list[Problem]]:
    """Read and check one file's text; never raises, whatever the text is."""
    definition, problems = read(text, file=file, library=library)
    if definition is not None:
        problems = sorted({*problems, *check(definition, vocabulary)})
    return definition, problems


def check_directory(path: Path | str, vocabulary: Vocabulary) -> Report:
    """Check every `procedures/*.yaml` of a district's folder, the base ones and its calendar.

    A district's file stands in for the base procedure with the same key. Definitions come back
    as they would be published; those with problems are left out.
    """
    folder = Path(path)
    library = _library(folder)
    problems: list[Problem] = list(library.problems)
    found: dict[str, Definition] = {}
    files: list[str] = []
    problems.extend(_calendar_problems(folder / "calendar.yaml"))
    if not folder.is_dir():
        problems.append(Problem(str(folder), 1, "没有这个文件夹", "写区县文件夹的路径"))
    for file in _files(folder):
        files.append(str(file))
        text, fault = read_text(file)
        if fault:
            problems.append(fault)
            continue
        definition, faults = check_text(
            text, file=str(file), vocabulary=vocabulary, library=library
        )
        problems.extend(faults)
        if definition is None:
            continue
        earlier = found.get(definition.key)
        if earlier is not None and Path(earlier.file).parent == file.parent:
            message = f"流程编号 {definition.key} 在 {earlier.file} 已经用过"
            problems.append(Problem(str(file), 1, message, "换一个编号"))
        if faults:
            found.pop(definition.key, None)
        else:
            found[definition.key] = definition
    problems.extend(between(found))
    scenarios = sum(len(definition.scenarios) for definition in found.values())
    return Report(tuple(found.values()), tuple(sorted(set(problems))), tuple(files), scenarios)


def _calendar_problems(file: Path) -> list[Problem]:
    """What is wrong with the days that the district adds to the calendar."""
    try:
        read_calendar(file)
    except CalendarInvalid as error:
        return [
            Problem(str(file), int(fault.field.rpartition(":")[2]), fault.message, fault.mend)
            for fault in error.problems
        ]
    return []


def _library(folder: Path) -> Library:
    """The base library, with the folder's own shared fields over it."""
    base = base_library()
    if folder.resolve() == BASE.resolve():
        return base
    own = load_library(folder)
    return Library({**base.fields, **own.fields}, base.procedures, own.problems)


def _files(folder: Path) -> list[Path]:
    """Base files first, so that the district's own stand in for them."""
    folders = [BASE] if folder.resolve() == BASE.resolve() else [BASE, folder]
    return [file for place in folders for file in sorted((place / "procedures").glob("*.yaml"))]
