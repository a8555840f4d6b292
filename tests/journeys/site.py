"""A whole demonstration of one district, served by its own processes on its own database."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
_PATIENCE = 300  # seconds until a slow machine has built a district's demonstration
_PERSONA = re.compile(
    r"^  (?P<username>\S+)\s+(?P<password>\S+)\s+(?P<name>\S+) · (?P<post>.+)$", re.MULTILINE
)


class NotServed(Exception):
    """The demonstration did not come up; the text holds what it printed."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the demonstration, as printed when it starts."""

    username: str
    password: str
    name: str
    post: str


@dataclass(frozen=True, slots=True)
class Site:
    """A served demonstration."""

    url: str
    personas: dict[str, Persona]

    def persona(self, words: str) -> Persona:
        """Return the first persona whose user name or post holds *words*."""
        for one in self.personas.values():
            if words in (one.username, one.name) or words in one.post:
                return one
        raise LookupError(f"no persona for {words!r} among {list(self.personas.values())}")

    def sign_in(self, page: Page, words: str) -> Persona:
        """Sign in on *page* as the persona of *words*; ends at the inbox."""
        one = self.persona(words)
        page.goto(f"{self.url}/accounts/login/?next=/desk/")
        page.fill("#id_login", one.username)
        page.fill("#id_password", one.password)
        page.click("main button")
        page.wait_for_url("**/desk/")
        return one


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(var: Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "GONGZHI_VAR": str(var), "GONGZHI_ORIGIN": url, "PYTHONUNBUFFERED": "1"}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise NotServed(log.read_text("utf-8", errors="replace")[-4000:])
        time.sleep(0.3)


@contextmanager
def serving(district: str, name: str) -> Iterator[Site]:
    """Serve a fresh demonstration of *district*; *name* keeps parallel ones apart."""
    var = ROOT / "var" / "journeys" / f"{district}-{name}"
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    log, port = var / "output.log", _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gongzhi", "demo", "--district", district, "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env=_environment(var, url), cwd=ROOT
        )
    try:
        _await(process, url, log)
        printed = log.read_text("utf-8", errors="replace")
        people = [Persona(**found.groupdict()) for found in _PERSONA.finditer(printed)]
        yield Site(url, {one.username: one for one in people})
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(var, ignore_errors=True)
