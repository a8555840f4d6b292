"""Run as a program: prints what the database holds, for comparing it with what was answered."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from typing import Any

from gongzhi.cli import ready


def readers() -> dict[str, Any]:
    """Return what still waits: facts by reader, jobs of workers that are gone, webhooks."""
    from django.db import connection

    from gongzhi.facts import queries
    from gongzhi.interchange.models import Delivery

    found = queries.readers()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND worker_id"
            " IS DISTINCT FROM (SELECT max(id) FROM procrastinate_workers)"
        )
        abandoned = cursor.fetchone()
    return {
        "readers": len(found),
        "behind": {one.name: one.behind for one in found if one.behind},
        "dead": {one.name: one.dead for one in found if one.dead},
        "abandoned": abandoned[0] if abandoned else 0,
        "unsent": Delivery.objects.exclude(state="sent").count(),
    }


def matters() -> list[dict[str, Any]]:
    """Return every matter with its words, where its case stands, its moves and its facts."""
    from gongzhi.facts.models import FactRecord
    from gongzhi.matters.models import Matter
    from gongzhi.procedures.models import Entry

    moves: dict[int, list[str]] = defaultdict(list)
    for case, move in Entry.objects.order_by("id").values_list("case_id", "move"):
        moves[case].append(move)
    kinds: dict[int, list[str]] = defaultdict(list)
    for number, kind in FactRecord.objects.order_by("id").values_list("case_id", "kind"):
        kinds[number or 0].append(kind)
    names = ("reference", "revision", "stage", "status", "outcome")
    return [
        {name: getattr(one.case, name) for name in names}
        | {"words": one.words, "moves": moves[one.case_id], "facts": kinds[one.case_id]}
        for one in Matter.objects.select_related("case").order_by("id")
    ]


def figures() -> dict[str, int]:
    """Return the district's figures of all days."""
    from django.db.models import Sum

    from gongzhi.indicators.models import Tally
    from gongzhi.organisations.tests.support import DISTRICT

    rows = Tally.objects.filter(area=DISTRICT, cut="t", key="").values("measure")
    return {one["measure"]: one["total"] for one in rows.annotate(total=Sum("n"))}


def main(wanted: list[str]) -> dict[str, Any]:
    """Return what was asked for, by name."""
    ready.set_up()
    return {
        name: {"readers": readers, "matters": matters, "figures": figures}[name]()
        for name in wanted
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1:])))
