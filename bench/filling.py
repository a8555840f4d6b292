"""Fills the bench's district: a few thousand matters by the actions, the rest as copies of them.

The sample walks its whole way through the same actions as any matter, at times of the last days.
Each copy is the whole sample moved back by whole days, so its cards and tallies are those of the
sample at other days: the figures stay those that the log gives.
"""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import datetime, timedelta

QUARTERS = [
    first + last
    for first in ("和平", "新华", "幸福", "光明", "永安", "春晖", "文峰", "学田", "虹桥", "濠西")
    for last in "里苑园庄坊"
]
THINGS = (
    "消防通道停满了车",
    "路灯坏了三盏没人修",
    "垃圾桶两天没有清运",
    "清早装修电钻声音很大",
    "单元门禁坏了外人随便进出",
    "人行道地砖松动下雨溅水",
    "电动车在楼道里充电",
    "下水道堵了污水外溢",
    "井盖松动车过就响",
    "广场音响到夜里十点还在放",
    "遛狗不牵绳孩子害怕",
    "健身器材螺丝掉了一颗",
    "墙面脱落砸到花坛",
    "快递柜占了无障碍坡道",
    "树枝挡住了二楼的窗户",
    "电梯三天两头停运",
    "油烟管道对着居民窗口",
    "充电桩收费没有公示",
    "共享单车堆在出入口",
    "屋面漏水渗到顶楼住户",
)
SAMPLE = 5_000
OPEN_SHARE = 0.01
UNRATED = 0.3
PASSED_UP = 0.2


def words(dice: random.Random) -> str:
    """Return invented words of a report: a quarter, a house and a trouble."""
    spot = dice.choice(("北侧", "南门", "东门口", "西侧", "门前", "地下车库"))
    house = dice.randint(1, 60)
    return f"{dice.choice(QUARTERS)}{house}号楼{spot}{dice.choice(THINGS)}，请来看一看"


class Walker:
    """Walks matters through the actions, at the times told."""

    def __init__(self, seed: int) -> None:
        from gongzhi.areas import queries as areas
        from gongzhi.matters.queries import category_book

        self.dice = random.Random(seed)  # noqa: S311  # invented matters, not secrets
        self.grids = areas.codes_within(areas.districts()[0].code, "grid")
        known = category_book().categories
        parents = {one.parent for one in known.values()}
        self.kinds = sorted(code for code in known if code not in parents)

    def report(self, at: datetime) -> tuple[str, str]:
        """Report one matter at a grid; return its reference and secret."""
        from gongzhi.kernel import clock
        from gongzhi.kernel.actor import ANONYMOUS
        from gongzhi.matters.actions import NewMatter, report_matter

        grid = self.dice.choice(self.grids)
        kind = self.dice.choice(self.kinds)
        with clock.travel_to(at):
            told = NewMatter(words=words(self.dice), area=grid, category=kind)
            done = report_matter(actor=ANONYMOUS, report=told)
        return done.reference, done.secret

    def close(self, moment: datetime) -> None:
        """Walk one matter to its end before *moment*."""
        from gongzhi.kernel import clock
        from gongzhi.matters.actions import give_verdict

        dice = self.dice
        told = moment - timedelta(days=8, hours=dice.uniform(0, 24))
        reference, secret = self.report(told)
        answered = told + timedelta(hours=dice.uniform(0.5, 70))
        if dice.random() < PASSED_UP:
            reason = {"pass_reason": "网格内办不了，请社区协调"}
            self._move(reference, "pass_up", told + timedelta(minutes=20), reason)
        answer = {"result": "solved", "answer": "已到现场处理，请您查看"}
        self._move(reference, "answer", answered, answer)
        if dice.random() < UNRATED:
            self._move(reference, "to_unrated", answered + timedelta(days=5), {})
            return
        marks = ("very_satisfied", "satisfied", "satisfied", "fairly")
        with clock.travel_to(answered + timedelta(hours=dice.uniform(1, 48))):
            from gongzhi.kernel.actor import REPORTER

            give_verdict(
                actor=REPORTER,
                reference=reference,
                secret=secret,
                solved=True,
                satisfaction=dice.choice(marks),
            )

    def _move(self, reference: str, move: str, at: datetime, data: dict[str, str]) -> None:
        from gongzhi.kernel import clock
        from gongzhi.kernel.actor import SYSTEM
        from gongzhi.procedures.actions import move_case
        from gongzhi.procedures.queries import visible_cases

        case = visible_cases(SYSTEM).values_list("pk", flat=True).get(reference=reference)
        with clock.travel_to(at):
            move_case(actor=SYSTEM, case=case, move=move, data=data)


def walk_many(count: int, seed: int, *, closed: bool) -> None:
    """Let *count* matters be reported, and walked to their end if *closed*."""
    from gongzhi.kernel import clock

    walker, moment = Walker(seed), clock.now()
    for _number in range(count):
        if closed:
            walker.close(moment)
        else:
            walker.report(moment - timedelta(hours=walker.dice.uniform(0, 30)))


def in_two(count: int, what: str) -> None:
    """Walk *count* matters with two processes."""
    halves = [count // 2, count - count // 2]
    running = [
        subprocess.Popen([sys.executable, "-m", "bench.filling", str(part), str(seed), what])
        for seed, part in enumerate(halves, start=count)
    ]
    if any(process.wait() for process in running):
        raise SystemExit("bench: filling the district failed")


def fill(wanted: int) -> int:
    """Bring the district to *wanted* matters; return how many were made."""
    from bench import copying

    missing = wanted - copying.matters()
    if missing <= 0:
        return 0
    still = int(missing * OPEN_SHARE)
    sample = min(SAMPLE, missing - still)
    before = copying.Mark.now()
    in_two(sample, "closed")
    copies = (missing - still - sample) // sample
    if copies:
        copying.copy(before, copying.Mark.now(), copies)
    in_two(still + (missing - still - sample) % sample if copies else missing - sample, "open")
    copying.settle()
    return missing


if __name__ == "__main__":
    import django

    django.setup()
    walk_many(int(sys.argv[1]), int(sys.argv[2]), closed=sys.argv[3] == "closed")
