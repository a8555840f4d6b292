"""The commands migrate, tables, verify and django: looking after an installation."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from gongzhi.cli import ready
from gongzhi.cli.progress import Progress


def add_to(commands: Any) -> None:
    """Add the commands."""
    for name, run, text in (
        ("migrate", migrate, "更新数据表 / bring the tables up to date"),
        ("tables", tables, "检查数据表（自带数据库则更新） / check the tables"),
        ("verify", verify, "核对记录是否自相一致 / check that the records agree with each other"),
        ("django", _never, "运行 Django 的管理命令 / run one of Django's commands"),
        ("translations", translations, "收集并编译英文翻译 / collect and compile translations"),
    ):
        parser = commands.add_parser(name, help=text, description=text)
        parser.set_defaults(command=run)
        if name == "verify":
            parser.add_argument(
                "--recount", action="store_true", help="重新统计全部数据 / count all figures anew"
            )


def _never(_: argparse.Namespace) -> int:
    raise AssertionError("main hands `django` over before parsing")


def django(arguments: list[str]) -> int:
    """Run one of Django's own commands on the configured database."""
    ready.set_up()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["gongzhi django", *arguments])
    return 0


def migrate(_: argparse.Namespace) -> int:
    """Apply every missing migration."""
    ready.set_up()
    ready.migrate()
    return 0


def tables(_: argparse.Namespace) -> int:
    """See that the tables are those this version needs."""
    ready.set_up()
    ready.require_current_tables()
    return 0


def verify(given: argparse.Namespace) -> int:
    """List every case and figure that stands otherwise than the log says; 0 when there is none."""
    ready.set_up()
    from gongzhi.indicators.queries import differences
    from gongzhi.procedures.queries.contradictions import contradictions

    if given.recount:
        _recount()
    with Progress("事项与记录 / cases and the log"):
        found = contradictions()
    with Progress("数据与记录 / figures and the log"):
        found += differences()
    for fault in found:
        print(fault)
    print(f"发现 {len(found)} 处不一致 / {len(found)} contradictions found")
    return 1 if found else 0


def _recount() -> None:
    """Forget the figures and count them anew from the first fact on."""
    from gongzhi.facts.actions import relay
    from gongzhi.indicators.actions import recount
    from gongzhi.kernel.actor import SYSTEM

    with Progress("重新统计 / counting anew"):
        recount(actor=SYSTEM)
        while relay():
            pass


def translations(_: argparse.Namespace) -> int:
    """Collect the texts of pages and code into locale/en and compile them."""
    ready.set_up()
    from django.conf import settings
    from django.core.management import call_command

    if not settings.LOCALE_PATHS[0].exists():
        settings.LOCALE_PATHS[0].mkdir()
    call_command("makemessages", locale=["en"], no_location=True, verbosity=0)
    call_command("compilemessages", locale=["en"], verbosity=0)
    print("locale/en", file=sys.stderr)
    return 0
