"""The command line: it lists its commands, and trouble is a message, never a traceback."""

from __future__ import annotations

import argparse
import errno
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from gongzhi.cli import district, entry, ready
from gongzhi.cli.entry import main
from gongzhi.cli.progress import Progress


def test_alone_it_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    for name in ("demo", "run", "web", "worker", "district", "areas", "bench", "verify", "django"):
        assert f"    {name}" in shown


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["bogus"])
    assert ended.value.code == 2
    assert "bogus" in capsys.readouterr().err


def test_a_taken_port_is_said_with_its_mend() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ready.NotReady, match=f"PORT={port + 1}"):
            ready.refuse_taken_port("127.0.0.1", port)
    ready.refuse_taken_port("127.0.0.1", port)


def test_a_full_disk_is_said_with_its_mend(capsys: pytest.CaptureFixture[str]) -> None:
    def full() -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert entry._guarded(full) == 1
    assert "磁盘已满" in capsys.readouterr().err


def test_a_database_that_found_no_room_is_told_as_a_full_disk(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> int:
        raise OperationalError("the connection is lost")

    assert entry._guarded(broken) == 1
    assert "数据库中断：the connection is lost" in capsys.readouterr().err
    monkeypatch.setattr(entry, "_LEAST_ROOM", 2**62)
    assert entry._guarded(broken) == 1
    assert "磁盘已满" in capsys.readouterr().err


def test_a_folder_without_a_district_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ready.NotReady, match=r"district\.yaml"):
        district.folder_of(str(tmp_path))


def test_a_district_that_cannot_work_is_told_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "areas.csv").write_text("code,name,level\n")
    (tmp_path / "district.yaml").write_text("name: [\n")
    assert district.check_folder(argparse.Namespace(folder=str(tmp_path))) == 1
    assert "district.yaml" in capsys.readouterr().out


def test_progress_in_a_log_says_a_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("steps") as progress:
        for done in range(1, 1001):
            progress.at(done, 1000)
    assert 3 <= len(capsys.readouterr().err.splitlines()) <= 8


def test_a_web_process_that_still_loads_can_be_stopped() -> None:
    """Fails (the signal is swallowed by the inherited handler) without the lines in `_load`."""
    words = (
        "import signal; from gongzhi.cli import serve\n"
        "signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "serve._load()\n"
        "signal.raise_signal(signal.SIGTERM)\n"
        "print('still here')"
    )
    ended = subprocess.run([sys.executable, "-c", words], check=False, capture_output=True)
    assert (ended.returncode, ended.stdout) == (-signal.SIGTERM, b"")


@pytest.mark.django_db
def test_tables_that_are_complete_are_only_looked_at() -> None:
    """Asking again for tables that are there took seven seconds of every command."""
    with CaptureQueriesContext(connection) as told:
        ready.migrate()
    assert told.captured_queries
    assert all(one["sql"].lstrip().upper().startswith("SELECT") for one in told.captured_queries)
    assert not any("django_content_type" in one["sql"] for one in told.captured_queries)
