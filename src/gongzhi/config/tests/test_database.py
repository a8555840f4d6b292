"""The embedded PostgreSQL: started at first need, survives an interrupted start, shared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from gongzhi.config import database, environment, paths


@pytest.fixture
def var(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A `var` of its own, with whatever was started in it stopped at the end.

    It lies in ours: pytest closes its own temporary folders to the account PostgreSQL runs as.
    """
    with TemporaryDirectory(dir=environment.var_directory(), prefix="test-") as folder:
        monkeypatch.setenv("GONGZHI_VAR", folder)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        yield Path(folder)
        database.stop()


def _ask(var: Path, question: str) -> str:
    address = f"host={paths.socket_directory(var)} user=gongzhi dbname=gongzhi"
    with psycopg.connect(address) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return str(row[0])


def test_it_starts_once_keeps_what_it_has_and_stops(var: Path) -> None:
    data = paths.data_directory(var)
    data.mkdir(parents=True)
    (data / "half-made").write_text("left by a start that was interrupted")
    assert database.ensure_started() is True
    assert database.ensure_started() is False
    assert _ask(var, "SHOW jit") == "off"
    assert _ask(var, "SHOW listen_addresses") == ""
    assert int(_ask(var, "SHOW server_version_num")) >= 150000
    with psycopg.connect(
        f"host={paths.socket_directory(var)} user=gongzhi dbname=gongzhi"
    ) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    assert database.clients() == 0
    assert database.stop() is True
    assert database.stop() is False
    assert database.ensure_started() is True
    assert _ask(var, "SELECT n FROM kept") == "7"
    assert data.stat().st_mode & 0o077 == 0


def test_two_processes_start_one_server(var: Path) -> None:
    code = "from gongzhi.config.database import ensure_started; print(ensure_started())"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        for _ in range(2)
    ]
    answers = sorted(one.communicate(timeout=90)[0].strip() for one in started)
    assert answers == ["False", "True"]


def test_a_foreign_database_is_never_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@db.example/gz")
    assert database.ensure_started() is False


def test_a_long_path_still_has_a_short_socket() -> None:
    deep = Path("/srv") / ("很长的目录" * 12)
    assert len(str(paths.socket_directory(deep)).encode()) <= 90


def test_a_full_disk_is_said_with_its_mend() -> None:
    said = database._explain("initdb", "could not write: No space left on device")
    assert "磁盘已满" in said
    assert "disk is full" in said
