"""A served district whose web, worker and database can be killed and started again."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PARTS = ("web", "worker", "database")
_PATIENCE = 240.0  # seconds until a busy machine has started a part


class NotServed(Exception):
    """A part did not come up; the text holds the end of the output."""


def await_that(holds: Callable[[], bool], what: str) -> None:
    """Wait until *holds*; a bound against waiting for ever, not a measure of speed."""
    until = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > until:
            raise NotServed(what)
        time.sleep(0.2)


def _parent(pid: int) -> int:
    """Return whose child *pid* is; 0 when it is gone."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    state, parent = told.rpartition(")")[2].split()[:2]
    return 0 if state == "Z" else int(parent)


def _children(pid: int) -> list[int]:
    running = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    return sorted(one for one in running if _parent(one) == pid)


def _is_known(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class House:
    """The processes of one installation, on a database of its own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = _free_port()
        self.log = var / "output.log"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        # Cleared while the web part is known to be down: a client that keeps calling a port where
        # nobody listens may end up connected to itself, and keep the port from its owner.
        self.serving = threading.Event()

    # --- programs that end ---------------------------------------------------------------------
    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {
            "GONGZHI_VAR": str(self.var),
            "GONGZHI_LOG_LEVEL": "WARNING",
            "GONGZHI_WEBHOOKS_TO_LOOPBACK": "1",
            "DJANGO_SETTINGS_MODULE": "gongzhi.config.settings",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of ours to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )

    def told(self, *arguments: str) -> Any:
        """Return the JSON that a program of this folder prints."""
        done = self.run("-m", *arguments)
        if done.returncode:
            raise NotServed(done.stderr[-3000:])
        return json.loads(done.stdout)

    # --- parts that stay -----------------------------------------------------------------------
    def _start(self, name: str, *arguments: str) -> None:
        with self.log.open("ab") as output:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "gongzhi", name, *arguments],
                stdout=output,
                stderr=output,
                env=self._environment(),
                cwd=ROOT,
                start_new_session=True,  # a group of its own, to be killed as one
            )

    def keep(self) -> None:
        """Start again whatever is not running, as an operator's service manager does."""
        if not self._postmaster():
            ask = "from gongzhi.config.database import ensure_started; ensure_started()"
            done = self.run("-c", ask)
            if done.returncode:
                raise NotServed(done.stderr[-3000:])
        for name, arguments in (("web", ("--port", str(self.port))), ("worker", ())):
            if name not in self.running or self.running[name].poll() is not None:
                self._end_group(name)
                self._start(name, *arguments)

    def up(self) -> bool:
        """Keep everything running; whether the web part answers and reaches the database."""
        self.keep()
        if answers := self._healthy():
            self.serving.set()
        return answers

    def _healthy(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.port}/health"
            with urllib.request.urlopen(address, timeout=20) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as refused:
            refused.close()
            return False
        except OSError:
            return False

    def _postmaster(self) -> int:
        """Return the process of our PostgreSQL, 0 when it does not run."""
        data = self.var / "pg" / "data"
        try:
            pid = int((data / "postmaster.pid").read_text().splitlines()[0])
            told = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
            return 0
        # A number from a stale file may be somebody else's by now.
        return pid if str(data).encode() in told else 0

    # --- killing -------------------------------------------------------------------------------
    def kill(self, part: str, dice: random.Random) -> str:
        """Kill a part at once, now and then only one of its processes; return what was killed."""
        whole = dice.random() < 0.7
        if part == "database":
            return self._kill_database(whole, dice)
        main = self.running[part].pid
        if part == "web" and not whole and (children := _children(main)):
            _kill(dice.choice(children))
            return "one web process"
        if part == "web":
            self.serving.clear()
        self._end_group(part)
        return part

    def _end_group(self, name: str) -> None:
        process = self.running.get(name)
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _kill_database(self, whole: bool, dice: random.Random) -> str:
        postmaster = self._postmaster()
        if not postmaster:
            return "nothing: the database was down"
        if not whole:
            _kill(dice.choice(_children(postmaster)))
            return "one process of the database"
        os.kill(postmaster, signal.SIGSTOP)  # so that it starts no process while we count them
        all_of_it = [*_children(postmaster), postmaster]
        for pid in all_of_it:
            _kill(pid)
        # Until nobody bears its number any more: PostgreSQL takes a dead server not yet buried for
        # a living one, and does not start.
        await_that(lambda: not any(map(_is_known, all_of_it)), "PostgreSQL outlives its SIGKILL")
        return "database"

    def end(self) -> None:
        """Stop everything."""
        for name, process in self.running.items():
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                self._end_group(name)
        self.run("-m", "gongzhi", "stop")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def housed(name: str) -> Iterator[House]:
    """Give a fresh installation while the block lasts; nothing of it runs yet."""
    var = ROOT / "var" / "faults" / name
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    house = House(var)
    try:
        yield house
    finally:
        house.end()
        shutil.rmtree(var, ignore_errors=True)
