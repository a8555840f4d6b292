"""A served district of its own for measuring: prepared once, filled through actions."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench"
DISTRICT = "chongchuan"
_PATIENCE = 120.0


def take_place() -> None:
    """Point this process and its children at the bench's own data."""
    os.environ["GONGZHI_VAR"] = str(VAR)
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
    os.environ.setdefault("GONGZHI_LOG_LEVEL", "WARNING")
    VAR.mkdir(parents=True, exist_ok=True)


def prepare() -> None:
    """Load the district and its demonstration, unless an earlier run did."""
    command = [sys.executable, "-m", "gongzhi", "demo", "--district", DISTRICT, "--prepare-only"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=sys.stderr)


def free_port() -> int:
    """Return a port on loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Serve web and worker as `gongzhi run` does; yield the port and the process id."""
    port = free_port()
    command = [sys.executable, "-m", "gongzhi", "run", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _await(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("bench: the server did not come up")


def stop_database() -> None:
    """Stop the bench's own PostgreSQL."""
    subprocess.run([sys.executable, "-m", "gongzhi", "stop"], check=False, cwd=ROOT)
