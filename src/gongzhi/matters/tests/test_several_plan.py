"""The look for matters alike reads a community's share of a large district, never all of it."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import held
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.matters import queries
from gongzhi.matters.queries import Wanted
from gongzhi.matters.tests.support import GRID, report
from gongzhi.procedures.tests.support import World

MANY = 12_000
CASES = """
INSERT INTO procedures_case (reference, version_id, procedure, subject, subject_id, title, area,
    stage, visit, status, outcome, outcome_kind, opened_at, entered_at, closed_at, due_basis,
    due_note, pauses, objected, revision, parent_visit, wake_at)
SELECT 'XX-' || n, version_id, procedure, subject, 0, title,
    '3206020' || lpad((n %% 90 + 10)::text, 2, '0') || lpad((n %% 40)::text, 3, '0') || '001',
    stage, 1, CASE WHEN n %% 30 = 0 THEN 'open' ELSE 'closed' END,
    CASE WHEN n %% 30 = 0 THEN '' ELSE 'solved' END,
    CASE WHEN n %% 30 = 0 THEN '' ELSE 'solved' END,
    opened_at, entered_at, CASE WHEN n %% 30 = 0 THEN NULL ELSE now() END, '', '', 0, false, 1, 0,
    CASE WHEN n %% 30 = 0 THEN now() ELSE NULL END
FROM procedures_case, generate_series(1, %s) n WHERE id = %s
"""
MATTERS = """
INSERT INTO matters_matter (case_id, title, words, category, channel, anonymous, place_text,
    secret_hash, reported_at, solved, satisfaction, merged_from)
SELECT c.id, m.title, m.words, m.category, m.channel, true, '', m.secret_hash, m.reported_at,
    '', '', ''
FROM procedures_case c, matters_matter m WHERE c.reference LIKE 'XX-%%' AND m.id = %s
"""


@action
def fill(*, actor: Actor, case: int, matter: int) -> None:
    """Put a district full of cases beside the one that was reported."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(CASES, [MANY, case])
        cursor.execute(MATTERS, [matter])
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in ("procedures_case", "matters_matter"):
            cursor.execute(f"ANALYZE {table}")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    below = [one for part in plan.get("Plans", ()) for one in nodes(part)]
    return [plan, *below]


def test_no_table_is_read_whole(world: World) -> None:
    found = report(words="3号楼路灯不亮")
    fill(actor=SYSTEM, case=found.case, matter=found.matter)
    held.forget_all()
    with CaptureQueriesContext(connection) as seen:
        assert queries.similar_in_public(Wanted("路灯不亮", "", GRID))
    looked = [one["sql"] for one in seen if '"procedures_case"."area"' in one["sql"]]
    assert looked
    for text in looked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {text}")
            plan = cursor.fetchone()[0]
        told = nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
        whole = [n for n in told if n["Node Type"] == "Seq Scan"]
        assert not whole, whole
        assert any("procedures_case_" in n.get("Index Name", "") for n in told)
