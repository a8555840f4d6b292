"""Copies a sample of closed matters, day by day into the past, straight in the database.

Only the bench may do this: triggers and foreign keys are off meanwhile, every id is moved by the
same stride, and what a copy would have been counted for is added to the tallies at its own day.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

STRIDE = 1_000_000
# Every table a closed matter leaves rows in, with the columns that hold ids to be moved.
TABLES: dict[str, tuple[str, ...]] = {
    "procedures_case": ("id", "subject_id"),
    "procedures_workitem": ("id", "case_id"),
    "procedures_entry": ("id", "case_id"),
    "procedures_evidence": ("id", "case_id"),
    "procedures_caseparty": ("id", "case_id"),
    "matters_matter": ("id", "case_id"),
    "matters_reporter": ("id", "matter_id"),
    "fact": ("id", "case_id"),
    "indicators_card": ("case", "subject_id", "last"),
}
_CASE = {"procedures_case": "id", "indicators_card": "case"}


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the district was filled: the newest case and what had been counted."""

    case: int
    tallies: dict[tuple[Any, ...], tuple[int, int]]

    @classmethod
    def now(cls) -> Mark:
        """Let every reader catch up with the log, then read where it stands."""
        from gongzhi.facts.actions import relay

        while relay(limit=5_000):
            pass
        case = _rows("SELECT coalesce(max(id), 0) FROM procedures_case")[0][0]
        counted = _rows("SELECT cut, area, measure, day, key, n, amount FROM indicators_tally")
        return cls(case, {tuple(row[:5]): (row[5], row[6]) for row in counted})


def _rows(text: str, *params: Any) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text, params or None)
        return cursor.fetchall() if cursor.description else []


def matters() -> int:
    """Return how many matters there are."""
    return int(_rows("SELECT count(*) FROM matters_matter")[0][0])


def copy(before: Mark, after: Mark, copies: int) -> None:
    """Make *copies* of the matters closed between the two marks, each a day further back."""
    from django.db import connection, transaction

    sample = [r[0] for r in _rows(_CLOSED, before.case, after.case)]
    _lay_down(sample)
    with _plain_tables():
        # The oldest first, so that newer matters have higher numbers, as they would.
        for number in range(1, copies + 1):
            days = copies + 1 - number
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                _name(cursor, sample, number, days)
                for table, ids in TABLES.items():
                    cursor.execute(_insert(table, ids), {"move": number * STRIDE, "days": days})
        _tallies(before, after, copies)
        _after_all()


_CLOSED = """
    SELECT id FROM procedures_case
    WHERE id > %s AND id <= %s AND subject = 'matters.matter' AND status = 'closed'
      AND parent_id IS NULL ORDER BY id
"""


def _lay_down(sample: list[int]) -> None:
    """Put the sample's rows aside, each table in the order of its ids."""
    for table, ids in TABLES.items():
        where = f'"{_CASE.get(table, "case_id")}" = ANY(%s)'
        if table == "matters_reporter":
            where = "matter_id IN (SELECT id FROM matters_matter WHERE case_id = ANY(%s))"
        _rows(f'DROP TABLE IF EXISTS pg_temp."of_{table}"')
        _rows(
            f'CREATE TEMP TABLE "of_{table}" AS SELECT * FROM "{table}"'  # noqa: S608
            f' WHERE {where} ORDER BY "{ids[0]}"',
            sample,
        )


def _name(cursor: Any, sample: list[int], number: int, days: int) -> None:
    """Lay down the sample's cases with a reference of this copy for each."""
    from gongzhi.kernel import clock, references

    month = clock.today() - timedelta(days=days)
    base = 1_000_000 + number * len(sample)
    named = io.StringIO()
    for place, case in enumerate(sample):
        named.write(f"{case}\t{references.make('CC', month, base + place)}\n")
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS named (case_id bigint primary key, name text)")
    cursor.execute("TRUNCATE named")
    with cursor.copy("COPY named FROM STDIN") as into:
        into.write(named.getvalue())
    cursor.execute(
        "SELECT fact_make_month(day::date) FROM generate_series("
        " date_trunc('month', now() - make_interval(days => %s) - interval '40 days'), now(),"
        " interval '1 month') AS day",
        [days],
    )


def _insert(table: str, ids: tuple[str, ...]) -> str:
    """Return the statement that copies a table's rows of the chosen cases."""
    found = _rows(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND column_name <> 'xid'"
        " ORDER BY ordinal_position",
        table,
    )
    values = ", ".join(_value(table, name, kind, ids) for name, kind in found)
    names = ", ".join(f'"{name}"' for name, _kind in found)
    over = " OVERRIDING SYSTEM VALUE" if table == "fact" else ""
    joined = " JOIN named c ON c.case_id = t.id" if table == "procedures_case" else ""
    return (
        f'INSERT INTO "{table}" ({names}){over}'  # noqa: S608
        f' SELECT {values} FROM "of_{table}" t{joined}'
    )


def _value(table: str, name: str, kind: str, ids: tuple[str, ...]) -> str:
    """Return what a copy has in a column."""
    column = f't."{name}"'
    if name in ids:
        return f"{column} + %(move)s"
    if kind.startswith("timestamp") or kind == "date":
        cast = "::date" if kind == "date" else ""
        return f"({column} - make_interval(days => %(days)s)){cast}"
    if (table, name) == ("procedures_case", "reference"):
        return "c.name"
    if name == "secret_hash":
        return "sha256((t.id + %(move)s)::text::bytea)"
    if (table, name) in (("matters_matter", "words"), ("matters_matter", "title")):
        house = "(1 + (t.id * 7 + %(days)s) %% 60)"
        return f"regexp_replace({column}, '[0-9]+号楼', {house} || '号楼')"
    if (table, name) == ("fact", "data"):
        return f"{column}{_MOVED}"
    return column


# The ids that facts name inside their data.
_MOVED = "".join(
    f" || CASE WHEN jsonb_typeof(t.data->'{key}') = 'number'"
    f" THEN jsonb_build_object('{key}', (t.data->>'{key}')::bigint + %(move)s)"
    f" ELSE '{{}}'::jsonb END"
    for key in ("matter", "subject_id", "entry")
)


def _tallies(before: Mark, after: Mark, copies: int) -> None:
    """Add what the sample was counted for once more at the days of every copy."""
    from django.db import connection, transaction

    told = io.StringIO()
    for key, (n, amount) in after.tallies.items():
        was = before.tallies.get(key, (0, 0))
        if (n, amount) != was:
            cells = [str(part) if part != "" else "" for part in key]
            told.write("\t".join([*cells, str(n - was[0]), str(amount - was[1])]) + "\n")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE sample (LIKE indicators_tally) ON COMMIT DROP")
        with cursor.copy(
            "COPY sample (cut, area, measure, day, key, n, amount) FROM STDIN"
        ) as into:
            into.write(told.getvalue())
        cursor.execute(
            "INSERT INTO indicators_month AS kept (cut, area, measure, month, key, n, amount)"
            " SELECT cut, area, measure, date_trunc('month', day)::date, key,"
            "  indicators_summed(array_agg(extract(day FROM day)::int), array_agg(n)),"
            "  CASE WHEN bool_or(amount <> 0) THEN"
            "   indicators_summed(array_agg(extract(day FROM day)::int), array_agg(amount)) END"
            " FROM (SELECT cut, area, measure, day - back AS day, key, n, amount"
            "       FROM sample, generate_series(1, %s) AS back) AS moved"
            " GROUP BY 1, 2, 3, 4, 5"
            " ON CONFLICT (cut, area, measure, month, key) DO UPDATE"
            " SET n = indicators_added(kept.n, excluded.n),"
            "     amount = coalesce(indicators_added(kept.amount, excluded.amount),"
            "                       kept.amount, excluded.amount)",
            [copies],
        )


def _after_all() -> None:
    """Let every series go on behind the copies, and every reader stand behind their facts."""
    for table in TABLES:
        if table != "indicators_card":
            _rows(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608
                f" (SELECT max(id) FROM {table}))"
            )
    _rows(
        "UPDATE fact_reader SET (xid, fact) ="
        " (SELECT xid::text, id FROM fact ORDER BY fact.xid DESC, id DESC LIMIT 1)"
    )


@contextmanager
def _plain_tables() -> Iterator[None]:
    """Take away the indexes that guard nothing meanwhile; lay them anew at the end."""
    dropped = _rows(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i"
        " JOIN pg_class c ON c.relname = i.indexname"
        " JOIN pg_index x ON x.indexrelid = c.oid"
        " WHERE i.schemaname = 'public' AND i.tablename = ANY(%s) AND NOT x.indisunique",
        [*TABLES],
    )
    for name, _made in dropped:
        _rows(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        _rows("SET maintenance_work_mem = '512MB'")
        for _name, made in dropped:
            _rows(made.replace(" ON ONLY ", " ON "))


def settle() -> None:
    """Let readers catch up and the planner learn what the tables hold."""
    Mark.now()
    _rows("VACUUM (ANALYZE)")
