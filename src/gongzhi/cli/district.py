"""The command district: check a district's folder, and load it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gongzhi.cli import ready


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
        f"找不到 {name}/district.yaml：请写文件夹路径，或其中之一 {'、'.join(known)}\n"
        f"no {name}/district.yaml: give a folder, or one of {', '.join(known)}"
    )


def refuse_other_district(folder: Path) -> None:
    """Raise NotReady when the database already holds another district."""


def check_folder(chosen: argparse.Namespace) -> int:
    """Check."""
    return 0


def load_folder(chosen: argparse.Namespace) -> int:
    """Load."""
    return 0


def load(folder: Path, *, dry_run: bool) -> None:
    """Load."""
