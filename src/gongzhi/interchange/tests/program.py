"""A program that takes webhooks: a real server on this machine that checks every signature."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from gongzhi.interchange import actions
from gongzhi.interchange.choices import EVENTS
from gongzhi.kernel.actor import Actor

URL = "https://program.example/in"


@dataclass
class Program:
    """What the server answers, in turn, and what it got; `hold` keeps an answer back."""

    answers: list[int] = field(default_factory=list)
    secret: str = ""
    location: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    hold: threading.Event | None = None
    arrived: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Verify an event with the public library, keep it, and return the next answer."""
        self.got.append(Webhook(self.secret).verify(body, headers))
        self.ids.append(headers["webhook-id"])
        self.paths.append(path)
        self.arrived.set()
        if self.hold:
            self.hold.wait(30)
        return self.answers.pop(0) if self.answers else 200


@contextmanager
def listening() -> Iterator[Program]:
    """Serve a program while the block lasts."""
    program = Program()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = program.take(self.path, headers, body)
            self.send_response(status)
            if program.location:
                self.send_header("Location", program.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    program.url = f"http://127.0.0.1:{server.server_port}/in"
    try:
        yield program
    finally:
        if program.hold:
            program.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()


def add(admin: Actor, owner: Actor, url: str = URL, *events: str) -> actions.AddedEndpoint:
    """Add an endpoint for this owner, of every event unless some are named."""
    return actions.add_endpoint(
        actor=admin,
        name="市级平台",
        url=url,
        events=events or list(EVENTS),
        owner=owner.account or 0,
    )
