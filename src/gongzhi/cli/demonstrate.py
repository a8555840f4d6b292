"""The command demo: from nothing to a served demonstration in one go."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from gongzhi.cli import district, ready, serve
from gongzhi.cli.progress import Progress

if TYPE_CHECKING:
    from gongzhi.cli.demo import Persona


def add_to(commands: Any) -> None:
    """Add `demo`."""
    text = "准备演示数据并运行 / prepare demonstration data and serve it"
    parser = commands.add_parser("demo", help=text, description=text)
    parser.add_argument(
        "--district", default="chongchuan", help="自带的区名或文件夹 / name or folder"
    )
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--prepare-only", action="store_true", help="只准备，不运行 / prepare, do not serve"
    )
    parser.set_defaults(command=demo)


def demo(chosen: argparse.Namespace) -> int:
    """Load the district with its demonstration, print who one can be, and serve."""
    if not chosen.prepare_only:
        ready.refuse_taken_port(chosen.address, chosen.port)
    # Personas sign in without a second factor; read by the settings, also of what we start.
    os.environ["GONGZHI_DEMO"] = "1"
    with Progress("数据库 / database"):
        started = ready.set_up()
    try:
        _introduce(_prepare(chosen.district))
    except BaseException:
        if started:
            ready.stop_own_database()
        raise
    if not chosen.prepare_only:
        _hand_over(chosen, started)
    return 0


def _prepare(name: str) -> list[Persona]:
    """Load district *name* with its demonstration; returns who one can be."""
    folder = district.folder_of(name)
    ready.migrate()
    district.refuse_other_district(folder)
    district.load(folder, dry_run=False)
    from gongzhi.cli import demo as builder

    with Progress("演示数据 / demonstration data") as progress:
        return builder.build_demo(progress=progress.at)


def _hand_over(chosen: argparse.Namespace, started: bool) -> None:
    """Serve in a fresh process, so that what preparing needed does not stay in memory."""
    if started:
        os.environ[serve.STARTED_DATABASE] = "1"
    sys.stderr.flush()
    arguments = ["run", "--address", chosen.address, "--port", str(chosen.port)]
    os.execv(sys.executable, [sys.executable, "-m", "gongzhi", *arguments])  # noqa: S606


def _introduce(personas: list[Persona]) -> None:
    """Print the personas one can sign in as."""
    if not personas:
        return
    ready.say("\n可以登录的演示人员 / personas to sign in as:")
    for one in personas:
        ready.say(f"  {one.username:<14} {one.password:<18} {one.name} · {one.post}")
    ready.say()
