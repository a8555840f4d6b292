"""A mail server on this machine that takes, refuses or hangs up, and people to be told."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from django.db import connection

from gongzhi.kernel.actor import REPORTER, SYSTEM, Actor
from gongzhi.messages import actions
from gongzhi.messages.actions import NewAddress, NewNotice
from gongzhi.messages.addresses import confirm_secret
from gongzhi.messages.models import Address, Delivery
from gongzhi.people.actions import NewAccount, open_account

AREA = "320602001001001"
NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)  # 12:00 in Asia/Shanghai
NIGHT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # 23:00
MORNING = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)  # 07:00 of the next day
EMAIL = "li.xiaoming@example.com"
LINK = "/follow/JQ-2603-00001-7/a-secret-of-the-link/"


@dataclass
class MailServer:
    """What the server heard, and how it answers to a command (`RCPT`, `DATA`, `.`).

    An answer `hang up` breaks the line; `wait` takes the text and answers nothing until `go`.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    heard: list[bytes] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    @property
    def mails(self) -> list[Message]:
        """Every e-mail that was handed over whole."""
        return [message_from_bytes(one, policy=default) for one in self.heard]


class _Talk(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        told: MailServer = self.server.told
        self._say("220 test")
        for line in iter(self.rfile.readline, b""):
            word = line[:4].decode().strip().upper()
            answer = told.answers.get(word, "250 ok")
            if answer == "hang up":
                return
            if word == "DATA" and word not in told.answers:
                self._say("354 go on")
                told.heard.append(self._text())
                answer = told.answers.get(".", "250 taken")
                if answer == "wait":
                    told.reached.set()
                    told.go.wait(60)
                if answer in ("hang up", "wait"):
                    return
            if word == "QUIT":
                answer = "221 bye"
            self._say(answer)
            if word == "QUIT":
                return

    def _text(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line[1:] if line.startswith(b"..") else line for line in lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    told: MailServer


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    """Serve SMTP on this machine, and let the system send there."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.told = MailServer(server.server_address[1])
        settings.EMAIL_BACKEND = "gongzhi.messages.mailing.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.told.port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.told
        server.shutdown()


def person(username: str = "worker", *, email: str = "", kinds: tuple[str, ...] = ()) -> Actor:
    """Open an account, with an e-mail address for these kinds if one is given."""
    new = NewAccount(username, AREA, is_staff_member=True)
    actor = Actor("person", open_account(actor=SYSTEM, new=new), username)
    if email:
        actions.set_own_address(actor=actor, email=email, kinds=kinds)
    return actor


def tell(actor: Actor | None = None, *, template: str = "case.assigned", **more: Any) -> int:
    """Tell one thing of a case to an account, or to those who left an address for case 1."""
    given: dict[str, Any] = {
        "step": "fact:1",
        "subject_kind": "case",
        "subject_id": 1,
        "reference": "JQ-2603-00001-7",
        "values": {"stage": "社区处理", "place": "一社区", "due_at": "2026-03-06T10:00:00+00:00"},
        **more,
    }
    whom = {"accounts": [actor.account]} if actor else {"addresses": True}
    return actions.tell(actor=SYSTEM, notices=[NewNotice(template=template, **whom, **given)])


def left(email: str = EMAIL, case: int = 1, **more: Any) -> Address:
    """Leave an address for a case, that nobody has confirmed yet."""
    given = {"reference": "JQ-2603-00001-7", "area": AREA, "link": LINK, **more}
    new = NewAddress(email=email, subject_kind="case", subject_id=case, **given)
    actions.keep_address(actor=SYSTEM, new=new)
    return Address.objects.latest("pk")


def resident(email: str = EMAIL, case: int = 1, **more: Any) -> None:
    """Leave an address for a case, confirmed; the e-mails of that are as good as gone."""
    address = left(email, case, **more)
    actions.confirm_address(actor=REPORTER, address=address.pk, secret=confirm_secret(address.pk))
    with connection.cursor() as cursor:
        mine = "SELECT id FROM notices_notice WHERE address_id = %s"
        gone = f"/* test */ DELETE FROM notices_delivery WHERE notice_id IN ({mine})"
        cursor.execute(gone, [address.pk])
        cursor.execute("/* test */ DELETE FROM notices_notice WHERE address_id = %s", [address.pk])


def send_all() -> int:
    """Send everything that is due; return how many e-mails were looked at."""
    looked_at = 0
    while actions.send_next(actor=SYSTEM):
        looked_at += 1
    return looked_at


def states() -> list[str]:
    """Return the state of every delivery, oldest first."""
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))
