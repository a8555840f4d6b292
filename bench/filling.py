"""Fills the bench's district with matters, through the same actions a report takes."""

from __future__ import annotations

import random
import subprocess
import sys

WORDS = (
    "三号楼北侧消防通道停满了车",
    "五号楼西侧路灯坏了三盏",
    "东门垃圾桶两天没有清运",
    "楼上清早装修声音很大",
    "单元门禁坏了外人随便进出",
    "人行道地砖松动下雨溅水",
)
LOCATED = 0.6


def report_many(count: int, seed: int) -> None:
    """Report *count* invented matters: most at a grid, the others for the district to locate."""
    from gongzhi.areas import queries as areas
    from gongzhi.kernel.actor import ANONYMOUS
    from gongzhi.matters.actions import NewMatter, report_matter

    dice = random.Random(seed)  # noqa: S311  # invented matters, not secrets
    district = areas.districts()[0].code
    grids = areas.codes_within(district, "grid")
    for number in range(count):
        place = dice.choice(grids) if dice.random() < LOCATED else ""
        report_matter(
            actor=ANONYMOUS,
            report=NewMatter(words=f"{dice.choice(WORDS)}，第{seed}批第{number}件", area=place),
        )


def fill(wanted: int) -> int:
    """Bring the district to *wanted* matters with two processes; return how many were made."""
    from gongzhi.kernel.actor import SYSTEM
    from gongzhi.procedures.queries import visible_cases

    missing = wanted - visible_cases(SYSTEM).count()
    if missing <= 0:
        return 0
    halves = [missing // 2, missing - missing // 2]
    running = [
        subprocess.Popen([sys.executable, "-m", "bench.filling", str(count), str(seed)])
        for seed, count in enumerate(halves, start=missing)
    ]
    if any(process.wait() for process in running):
        raise SystemExit("bench: filling the district failed")
    return missing


if __name__ == "__main__":
    import django

    django.setup()
    report_many(int(sys.argv[1]), int(sys.argv[2]))
