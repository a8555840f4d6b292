"""The command suggest: learn which category a report is of from the closed matters, and measure."""

from __future__ import annotations

import argparse
from typing import Any

from gongzhi.cli import ready


def add_to(commands: Any) -> None:
    """Add `suggest train|show|ask`."""
    text = "分类建议：学习、看效果、试一句 / suggesting categories: learn, measure, try"
    suggest = commands.add_parser("suggest", help=text, description=text)
    inner = suggest.add_subparsers(metavar="train|show|ask", required=True)
    one = inner.add_parser("train", help="从办结的事项学习 / learn from closed matters")
    one.set_defaults(command=train)
    one = inner.add_parser("show", help="看效果 / show how well it does")
    one.set_defaults(command=show)
    one = inner.add_parser("ask", help="试一句 / try some words")
    one.add_argument("words")
    one.set_defaults(command=ask)


def train(_chosen: argparse.Namespace) -> int:
    """Learn anew and print how well it does on matters held out."""
    ready.set_up()
    ready.require_current_tables()
    from gongzhi.kernel.actor import SYSTEM
    from gongzhi.matters.actions import train_suggestions

    done = train_suggestions(actor=SYSTEM)
    print(f"版本 / version {done.number}: {done.bytes / 1024:.0f} kB")
    _print(done.measured)
    return 0


def show(_chosen: argparse.Namespace) -> int:
    """Print how well the version in use did."""
    ready.set_up()
    from gongzhi.matters.queries import measured

    found = measured()
    if found is None:
        raise ready.NotReady(
            "还没有学过：请运行 gongzhi suggest train\n"
            "nothing learned yet: run gongzhi suggest train"
        )
    print(f"版本 / version {found.number}, {found.trained_at:%Y-%m-%d}")
    _print(found.figures)
    return 0


def ask(chosen: argparse.Namespace) -> int:
    """Print what the words may be of, with the reasons."""
    ready.set_up()
    from gongzhi.matters.queries import suggestions

    for one in suggestions(chosen.words):
        print(f"{one.share:6.1%}  {one.name} {one.code}（{one.why}）")
    return 0


def _print(figures: dict[str, Any]) -> None:
    print(
        f"{figures['matters']} 件办结事项，{figures['categories']} 类；"
        f"留出 {figures['held_out']} 件来检验 / closed matters, categories, held out"
    )
    print(
        f"第一个就对 / first right {figures['first']:.1%}，"
        f"前三个里有 / among three {figures['among_three']:.1%}，"
        f"只凭提示词 / by hint words {figures['hints_first']:.1%}"
    )
    for code, (n, first, among) in figures["by_category"].items():
        print(f"  {code:24} n={n:<5} {first / n:6.1%} {among / n:6.1%}")
