"""What staff do all day in a district of many matters: lists, searches, figures, whole lives."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import orjson

from bench import filling, load
from bench import lifecycles as lives
from bench.frame import Bench, Row, outcome_row

_SEARCHED = ("路灯", "电动车", "3号楼", "充电桩收费", "新华里25号楼", "井盖松动", "编号没有的字")


def _paths(bench: Bench, paths: list[str]) -> Callable[[int], bytes]:
    """Return requests of these paths, in turn by the district's clerk and by 16 secretaries."""
    tokens = [bench.token, *(place.secretary_token for place in bench.places)]

    def make(number: int) -> bytes:
        path = paths[number % len(paths)]
        headers = {"Authorization": f"Bearer {tokens[number % len(tokens)]}"}
        return load.request_bytes("GET", "/api/v1" + path, headers=headers)

    return make


def _row(bench: Bench, name: str, what: str, aim: str, paths: list[str]) -> list[Row]:
    found = bench.burst(_paths(bench, paths))
    alone = load.burst(bench.port, _paths(bench, paths), count=300, connections=1, seconds=10)
    row = outcome_row(name, what, aim, found)
    row.notes |= {"一人时 p95 ms": round(alone.percentile(0.95), 1)}
    return [row]


def inbox(bench: Bench) -> list[Row]:
    """The inbox of a post: what is in the pool and what is one's own."""
    return _row(bench, "inbox", "收件箱 50 件", "p95 < 150 ms", ["/inbox?tab=pool", "/inbox"])


def filtered(bench: Bench) -> list[Row]:
    """Lists narrowed by state, light, channel and category."""
    from gongzhi.matters.queries import category_book

    kinds = list(category_book().categories)[::5]
    paths = [f"/matters?status=&order=newest&category={kind}" for kind in kinds]
    paths += ["/matters?light=late", "/matters?stage=grid", "/matters?status=closed&order=newest"]
    return _row(bench, "filtered", "筛选后的清单", "p95 < 150 ms", paths)


def search(bench: Bench) -> list[Row]:
    """Words looked for in all matters of one's reach: frequent, rare and absent ones."""
    paths = [
        f"/matters?status=&order=newest&limit=20&text={lives.quoted(word)}" for word in _SEARCHED
    ]
    return _row(bench, "search", "全文查找", "p95 < 100 ms", paths)


def alike(bench: Bench) -> list[Row]:
    """Matters alike looked up before a report is sent."""
    dice = random.Random(3)  # noqa: S311  # invented words, not secrets

    def make(number: int) -> bytes:
        place = bench.places[number % len(bench.places)]
        body = orjson.dumps({"words": filling.words(dice), "area": place.grid})
        headers = {"Authorization": f"Bearer {place.secretary_token}"}
        return load.request_bytes("POST", "/api/v1/alike", body=body, headers=headers)

    return [outcome_row("alike", "查重（报之前）", "p95 < 150 ms", bench.burst(make))]


def dashboard(bench: Bench) -> list[Row]:
    """The district's figures: the first look after a start, then one look after another."""
    paths = ["/figures?by=area", "/figures?by=category&period=month", "/figures?period=quarter"]

    def make(number: int) -> bytes:
        return load.request_bytes("GET", "/api/v1" + paths[number % 3], headers=bench.headers())

    cold = load.burst(bench.port, make, count=3, connections=1, seconds=30)
    warm = load.burst(bench.port, make, count=300, connections=1, seconds=bench.seconds)
    crowded = load.burst(bench.port, make, count=3_000, connections=16, seconds=bench.seconds)
    first = Row("dashboard-cold", "全区数据（首次）", round(max(cold.times), 1), "ms", "")
    row = outcome_row("dashboard", "全区数据（一人连看）", "p95 < 60 ms", warm)
    row.notes |= {
        "16 人时每秒": round(crowded.rate, 1),
        "16 人时 p95 ms": round(crowded.percentile(0.95), 1),
    }
    return [first, row]


def lifecycles(bench: Bench) -> list[Row]:
    """Whole lives of matters by scoped users: told, given, answered, found."""
    script = lives.script(bench.places)
    load.play(bench.port, script, seconds=3)
    steps = load.play(bench.port, script, seconds=max(bench.seconds * 2, 6))
    whole = lives.together(steps)
    rate = steps["search"].done / whole.seconds
    row = Row("lifecycles", "诉求全程（报、派、办、查）", round(rate, 1), "/s", "≥ 80/s")
    row.notes = {"requests failed": whole.failed} if whole.failed else {}
    names = {"create": "登记", "assign": "指派", "resolve": "办好答复", "search": "查找"}
    rows = [row]
    for name, step in steps.items():
        one = outcome_row(f"lifecycle-{name}", f"　其中：{names[name]}", "p95 < 150 ms", step)
        one.notes |= {"p99 ms": round(step.percentile(0.99), 1)}
        rows.append(one)
    return rows


def spike(bench: Bench) -> list[Row]:
    """Ten times as many users for 30 seconds, and how soon all is as before."""
    time.sleep(2)
    found = lives.spike(
        bench.port,
        lives.script(bench.places),
        steady=max(bench.seconds, 5),
        seconds=10 if bench.quick else 30,
    )
    failed = found.pop("failed")
    row = Row(
        "spike",
        "十倍人数 30 秒（请求）",
        round(float(found["rate"]), 1),
        "/s",
        "无错误",
        round(float(found["p50"]), 1),
        round(float(found["p95"]), 1),
    )
    row.notes = {
        "前 p95 ms": round(float(found["before_p95"]), 1),
        "最长 ms": round(float(found["longest"])),
        "恢复用时 s": found["recovered"],
        "failed": failed or 0,
    }
    return [row]
