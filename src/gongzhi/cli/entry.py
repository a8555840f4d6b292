"""Reads the command line, hands over to the command, and turns trouble into a plain message."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from gongzhi import __version__
from gongzhi.cli import (
    accounts,
    areas,
    bench,
    demonstrate,
    district,
    maintain,
    serve,
    suggest,
    trace,
)
from gongzhi.config.database import DatabaseTrouble
from gongzhi.config.environment import BadEnvironment, var_directory
from gongzhi.kernel.errors import GongzhiError

_LEAST_ROOM = 20 * 1024 * 1024  # bytes; PostgreSQL's log grows by files of 16 MB
Command = Callable[[argparse.Namespace], int]


class Trouble(Exception):
    """What stops a command; the text names the cause and the mend."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors show the usage of the command at hand."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command; each command module adds its own."""
    root = _Parser(
        prog="gongzhi",
        description="共治：社区治理工作系统 / the working system of neighbourhood governance",
    )
    root.add_argument("--version", action="version", version=f"gongzhi {__version__}")
    commands = root.add_subparsers(title="命令 / commands", metavar="", parser_class=_Parser)
    for module in (demonstrate, serve, district, areas, accounts, maintain, suggest, bench, trace):
        module.add_to(commands)
    return root


def _no_room() -> bool:
    """Whether the database could not write its next file: what it then says names no disk."""
    try:
        return shutil.disk_usage(var_directory()).free < _LEAST_ROOM
    except OSError:
        return False


def _explain(error: BaseException) -> str:
    """Return what to tell a person about *error*; the mend on its own line."""
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or _no_room():
        return (
            "磁盘已满：请腾出至少 1 GB 再试 / the disk is full: free at least 1 GB, then try again"
        )
    if isinstance(error, GongzhiError) and len(error.problems) > 1:
        listed = [f"{one.field}: {one.message}（{one.mend}）" for one in error.problems]
        return "\n".join([str(error), *listed])
    return str(error)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `gongzhi …`; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["django"]:  # its options are Django's, not ours
        return _guarded(lambda: maintain.django(given[1:]))
    root = parser()
    chosen = root.parse_args(given)
    command: Command | None = getattr(chosen, "command", None)
    if command is None:
        root.print_help()
        return 0
    return _guarded(lambda: command(chosen))


def _guarded(run: Callable[[], int]) -> int:
    """Run a command; known trouble becomes a message and status 1, never a traceback."""
    try:
        return run()
    except (GongzhiError, DatabaseTrouble, BadEnvironment, Trouble, OSError) as error:
        print(_explain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from django.db import OperationalError  # only needed where something went wrong

        if not isinstance(error, OperationalError):
            raise
        print(_lost(error), file=sys.stderr)
        return 1


def _lost(error: BaseException) -> str:
    """Return what to tell a person when the database broke off."""
    if _no_room():
        return _explain(error)
    return (
        f"数据库中断：{error}请检查数据库和磁盘空间后重试 / "
        "the database broke off: check it and the disk, then try again"
    )
