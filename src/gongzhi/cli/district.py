"""The command district: check a district's folder, and load it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gongzhi.cli import ready
from gongzhi.cli.progress import Progress


def add_to(commands: Any) -> None:
    """Add `district check` and `district load`."""
    text = "检查、载入一个区的数据 / check or load a district's folder"
    district = commands.add_parser("district", help=text, description=text)
    inner = district.add_subparsers(metavar="check|load", required=True)
    check = inner.add_parser("check", help="列出所有不能用之处 / list all that cannot work")
    check.add_argument("folder", help="文件夹或自带的区名 / a folder, or a name that we ship")
    check.set_defaults(command=check_folder)
    load = inner.add_parser("load", help="载入；重复载入不变 / load; loading twice changes nothing")
    load.add_argument("folder")
    load.add_argument("--dry-run", action="store_true", help="只显示会改变什么 / only show changes")
    load.set_defaults(command=load_folder)


def folder_of(name: str) -> Path:
    """Return the folder *name* names: a path, or a district that we ship."""
    from django.conf import settings

    given = Path(name).expanduser()
    shipped: Path = settings.DISTRICTS / name
    for candidate in (given, shipped):
        if (candidate / "district.yaml").is_file():
            return candidate.resolve()
    known = sorted(path.parent.name for path in settings.DISTRICTS.glob("*/district.yaml"))
    raise ready.NotReady(
        f"找不到 {name}/district.yaml：请写文件夹路径，或其中之一：{'、'.join(known)}\n"
        f"no {name}/district.yaml: give a folder, or one of {', '.join(known)}"
    )


def problems_of(folder: Path) -> tuple[list[str], int, int]:
    """Return everything that cannot work in *folder*, and how many procedures and scenarios ran.

    Every line names file, line and mend.
    """
    from gongzhi.areas import folder as areas_folder
    from gongzhi.areas.errors import DistrictUnreadable
    from gongzhi.organisations.actions.definitions import read_definitions
    from gongzhi.organisations.errors import DefinitionsInvalid
    from gongzhi.procedures import choices
    from gongzhi.procedures.definition.directory import check_directory
    from gongzhi.procedures.definition.vocabulary import read_vocabulary

    found: list[str] = []
    try:
        areas_folder.read_folder(folder)
    except DistrictUnreadable as error:
        found += [f"{one.field}: {one.message}（{one.mend}）" for one in error.problems] or [
            f"{folder}: {error} {error.mend}"
        ]
    try:
        read_definitions(_folders(folder))
    except DefinitionsInvalid as error:
        found += [str(one) for one in error.problems]
    vocabulary = read_vocabulary(folder, guards=choices.GUARDS, effects=choices.EFFECTS)
    report = check_directory(folder, vocabulary)
    found += [str(one) for one in report.problems]
    stages = {stage for one in report.definitions for stage in one.stages}
    found += _problems_of_books(folder, stages)
    return found, len(report.definitions), report.scenarios


def _problems_of_books(folder: Path, stages: set[str]) -> list[str]:
    """Return the faults of figures, notices and replies, of the folder over what ships."""
    from gongzhi.indicators.book import read_books
    from gongzhi.indicators.choices import BOOK
    from gongzhi.indicators.errors import BookInvalid
    from gongzhi.matters import replies
    from gongzhi.messages import checking

    found: list[str] = []
    base, own = _folders(folder)
    books = [one / BOOK for one in (base, own) if (one / BOOK).is_file()]
    try:
        read_books([(one.read_text("utf-8"), str(one)) for one in books])
    except BookInvalid as error:
        found += [str(one) for one in error.faults]
    found += checking.faults_in(*(one / "notices.yaml" for one in (base, own)))
    table = next(one for one in (own, base) if (one / "categories.csv").is_file())
    codes = _codes(table / "categories.csv")
    for home in (base, own):
        # What ships may name categories that a district has replaced; its own may not.
        allowed = codes if home == own else codes | _codes(base / "categories.csv")
        file = home / "replies.yaml"
        found += replies.faults_in(file, stages=stages, categories=allowed)
    return found


def _codes(table: Path) -> set[str]:
    import csv

    with table.open(encoding="utf-8-sig", newline="") as lines:
        return {str(row["code"]) for row in csv.DictReader(lines)}


def _folders(folder: Path) -> tuple[Path, Path]:
    from django.conf import settings

    return settings.DISTRICTS / "_base", folder


def check_folder(chosen: argparse.Namespace) -> int:
    """List everything that cannot work; 1 when there is something."""
    import django

    django.setup()
    folder = folder_of(chosen.folder)
    problems, procedures, scenarios = problems_of(folder)
    for line in problems:
        print(line)
    counted = f"{folder.name}: {procedures} 个程序 / procedures, {scenarios} 个示例 / scenarios"
    print(f"{counted}, {len(problems)} 处要改 / problems")
    return 1 if problems else 0


def refuse_other_district(folder: Path) -> None:
    """Raise NotReady when the database already holds another district.

    One installation serves one district; the demonstration of another needs its own `var`.
    """
    import yaml

    from gongzhi.areas import queries

    wanted = {
        str(code) for code in yaml.safe_load((folder / "district.yaml").read_text("utf-8"))["codes"]
    }
    present = {one.code for one in queries.districts()}
    if present and not present & wanted:
        raise ready.NotReady(
            f"数据库里已有另一个区（{'、'.join(sorted(present))}）："
            f"换一个目录，如 GONGZHI_VAR=var-{folder.name} make demo DISTRICT={folder.name}\n"
            "the database already holds another district: use another directory, "
            f"GONGZHI_VAR=var-{folder.name} make demo DISTRICT={folder.name}"
        )


def load_folder(chosen: argparse.Namespace) -> int:
    """Load a folder after checking it, saying what changes."""
    ready.set_up()
    ready.require_current_tables()
    folder = folder_of(chosen.folder)
    problems, _, _ = problems_of(folder)
    for line in problems:
        print(line)
    if problems:
        return 1
    for line in load(folder, dry_run=chosen.dry_run) or ["没有变化 / nothing changes"]:
        print(line)
    return 0


def load(folder: Path, *, dry_run: bool) -> list[str]:
    """Load roles, areas, categories and procedures of *folder*; returns what changed, in words."""
    from gongzhi.areas.actions import load_district_areas
    from gongzhi.kernel.actor import SYSTEM
    from gongzhi.matters.actions import load_categories
    from gongzhi.organisations.actions import load_district_definitions
    from gongzhi.procedures.actions import load_procedures

    said: list[str] = []
    with Progress("岗位与组织类型 / roles and kinds"):
        changes = load_district_definitions(actor=SYSTEM, folders=_folders(folder), dry_run=dry_run)
        for name, one in changes.items():
            for word, keys in (("+", one.added), ("~", one.changed), ("-", one.retired)):
                said += [f"{name} {word} {key}" for key in keys]
    with Progress(f"区域 / areas of {folder.name}"):
        said += load_district_areas(actor=SYSTEM, directory=folder, dry_run=dry_run).lines
    with Progress("事项分类 / categories of matters"):
        base, own = (one / "categories.csv" for one in _folders(folder))
        table = own if own.is_file() else base
        loaded = load_categories(actor=SYSTEM, file=table, dry_run=dry_run)
        said += [f"分类表第 {loaded.number} 版 / edition"] if loaded.changed else []
    with Progress("程序 / procedures"):
        published = load_procedures(actor=SYSTEM, directory=folder, dry_run=dry_run)
        said += [f"{one.name} 第 {one.number} 版" for one in published if one.new]
    if not dry_run:
        _remember(folder)
    return said


def _remember(folder: Path) -> None:
    """Note whose own rules hold from the next start on: its notices, replies, terms and words."""
    from django.conf import settings

    name = folder.name if folder.parent == Path(settings.DISTRICTS) else str(folder)
    (Path(settings.VAR) / "district").write_text(f"{name}\n", encoding="utf-8")
