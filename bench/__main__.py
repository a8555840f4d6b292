"""Measures speed and memory in one run on this machine; prints a table, writes var/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bench import filling, rows, site, wide
from bench.frame import Bench, Row

ROWS: dict[str, Callable[[Bench], list[Row]]] = {
    "memory": rows.rest,
    "intake": rows.intake,
    "case": rows.one_case,
    "list": rows.one_list,
    "move": rows.one_move,
    "inbox": wide.inbox,
    "filtered": wide.filtered,
    "search": wide.search,
    "alike": wide.alike,
    "dashboard": wide.dashboard,
    "lifecycles": wide.lifecycles,
    "spike": wide.spike,
    "locate": rows.locate,
    "country": rows.country,
}


def _machine() -> dict[str, Any]:
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
