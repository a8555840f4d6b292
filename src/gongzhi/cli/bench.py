"""The command bench: runs what lies in `bench/` of a source tree."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Any

from gongzhi.cli import ready
from gongzhi.config.environment import ROOT


def add_to(commands: Any) -> None:
    """Add `bench`."""
    text = "测量速度与内存 / measure speed and memory"
    parser = commands.add_parser("bench", help=text, description=text)
    parser.add_argument("--only", action="append", metavar="NAME", help="只测一项 / one row only")
    parser.add_argument("--quick", action="store_true", help="缩短测量 / shorter runs")
    parser.set_defaults(command=run)


def run(chosen: argparse.Namespace) -> int:
    """Hand over to the programs in `bench/`, which start servers of their own."""
    if not (ROOT / "bench" / "__main__.py").is_file():
        raise ready.NotReady(
            "bench 需要源代码目录：请在项目目录中运行 make bench / "
            "bench needs the source tree: run make bench there"
        )
    arguments = [f"--only={name}" for name in chosen.only or ()]
    arguments += ["--quick"] if chosen.quick else []
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments], cwd=ROOT, check=False
    ).returncode
