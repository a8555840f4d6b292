"""Where webhooks may go: to public addresses alone, and never for longer than the deadline."""

from __future__ import annotations

import base64
import socket
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from gongzhi.interchange import outward, sending
from gongzhi.interchange.choices import Fault
from gongzhi.interchange.errors import EndpointInvalid
from gongzhi.interchange.tests.program import URL, add
from gongzhi.kernel.actor import Actor
from gongzhi.matters.tests import support
from gongzhi.organisations.tests import support as small


@pytest.fixture
def admin(db: None, settings: Any, tmp_path: Path) -> Actor:
    settings.MEDIA_ROOT = tmp_path
    support.build()
    return small.staff("admin", "system_admin", small.DISTRICT)


def test_a_program_that_drips_is_left_at_the_deadline(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each read is answered in time; only the deadline of the whole ends it."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    monkeypatch.setattr(sending, "DEADLINE", 0.6)
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip() -> None:
        peer, _address = server.accept()
        with peer:
            try:
                peer.sendall(b"HTTP/1.1 200 OK\r\n")
                while not ended.wait(0.05):
                    peer.sendall(b"x-more: 1\r\n")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    result = sending.send(f"http://127.0.0.1:{server.getsockname()[1]}/", SECRET, "msg_1", "{}")
    ended.set()
    thread.join()
    server.close()
    assert result.fault == Fault.TIMEOUT


SECRET = "whsec_" + base64.b64encode(b"0" * 32).decode()


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2002:a00:1::", False),
    ],
)
def test_only_public_addresses_are_reached(settings: Any, address: str, allowed: bool) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = False
    assert outward.is_allowed(ip_address(address)) is allowed


@pytest.mark.parametrize(
    "url",
    [
        "http://program.example/in",
        "https://127.0.0.1/in",
        "https://[::1]/in",
        "https://[::ffff:10.0.0.1]/in",
        "https://user:pass@program.example/",
        "https://program.example:0/",
        "https://program.example:99999/",
        "ftp://program.example/",
        "https:///in",
        "https://program.example/a b",
        "https://program.example\\@10.0.0.1/",
        "javascript:alert(1)",
        "",
    ],
)
def test_addresses_that_are_not_taken(settings: Any, admin: Actor, url: str) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = False
    with pytest.raises(EndpointInvalid) as refused:
        add(admin, admin, url)
    assert [one.field for one in refused.value.problems] == ["url"]


def test_a_name_that_leads_inside_is_refused_when_it_is_used(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked up once: what was checked is what is connected to, whatever the name says later."""
    settings.WEBHOOKS_TO_LOOPBACK = False
    told: list[list[str]] = [["93.184.216.34", "10.0.0.7"], ["127.0.0.1"], []]

    def look_up(host: str, port: int, **_more: Any) -> list[Any]:
        return [(2, 1, 6, "", (one, port)) for one in told.pop(0)]

    monkeypatch.setattr(sending.socket, "getaddrinfo", look_up)
    faults = [sending.send(URL, SECRET, "msg_1", "{}").fault for _number in range(3)]
    assert faults == [Fault.ADDRESS, Fault.ADDRESS, Fault.NAME]
