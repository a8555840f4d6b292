"""Sends one signed event, and never to an address inside: the address looked up is the one used.

A name could answer with a public address when it is checked and with an inner one when it is
used. Here it is looked up once; every address it has must be public, and the connection goes to
one of these. A deadline holds for the whole of it, so that no program can hold a sender for long.
"""

from __future__ import annotations

import functools
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx
from standardwebhooks import Webhook

from gongzhi.interchange.choices import DEADLINE, Fault
from gongzhi.interchange.outward import Result, is_allowed, url_fault
from gongzhi.kernel import clock


class AddressRefused(httpcore.ConnectError):
    """The name leads to an address inside."""


class NameUnknown(httpcore.ConnectError):
    """The name leads nowhere."""


def addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a name; raise `NameUnknown`, `AddressRefused` if one is inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnknown(host) from error
    known = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not known:
        raise NameUnknown(host)
    if not all(is_allowed(ipaddress.ip_address(one)) for one in known):
        raise AddressRefused(host)
    return known


class _Clocked(httpcore.NetworkStream):
    """A connection on which nothing lasts longer than the deadline of the whole."""

    def __init__(self, inner: httpcore.NetworkStream, end: float) -> None:
        self._inner, self._end = inner, end

    def _left(self, timeout: float | None) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("deadline")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._left(timeout)
        return _Clocked(self._inner.start_tls(ssl_context, server_hostname, left), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Guarded(httpcore.NetworkBackend):
    """Connects to addresses that were looked up and found public, within the deadline."""

    def __init__(self, end: float) -> None:
        self._end = end
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the deadline is the shorter one
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        for address in addresses(host, port):
            left = self._end - time.monotonic()
            if left <= 0:
                break
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except httpcore.ConnectError:
                continue
            return _Clocked(stream, self._end)
        raise httpcore.ConnectError(host)


@functools.cache
def _trust() -> ssl.SSLContext:
    """Return the certificates that this machine trusts: read once, they are many."""
    return ssl.create_default_context()


class _Transport(httpx.BaseTransport):
    """Lets httpx speak over guarded connections, one for each event."""

    def __init__(self, end: float) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trust(), network_backend=_Guarded(end), retries=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        sent = httpcore.Request(
            request.method,
            url,
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        with self._pool.stream(
            sent.method, sent.url, headers=sent.headers, content=request.content
        ) as answer:
            # Only the status counts: what else comes is not read, however much it is.
            return httpx.Response(answer.status, headers=answer.headers)

    def close(self) -> None:
        self._pool.close()


def send(url: str, secret: str, event: str, body: str) -> Result:
    """Send an event signed as the Standard Webhooks scheme says; never follow to elsewhere."""
    begun = time.monotonic()
    fault = url_fault(url)
    status = None
    if not fault:
        status, fault = _post(url, _headers(secret, event, body), body, begun + DEADLINE)
    return Result(status, round((time.monotonic() - begun) * 1000), fault)


def _headers(secret: str, event: str, body: str) -> dict[str, str]:
    at = clock.now()
    return {
        "content-type": "application/json",
        "user-agent": "Gongzhi-Webhooks/1",
        "webhook-id": event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(event, at, body),
    }


def _post(url: str, headers: dict[str, str], body: str, end: float) -> tuple[int | None, str]:
    try:
        with httpx.Client(
            transport=_Transport(end), trust_env=False, follow_redirects=False
        ) as client:
            status = client.post(url, content=body.encode(), headers=headers).status_code
    except Exception as error:  # noqa: BLE001  # the world's fault in any form is a failed try
        return None, _fault_of(error)
    if 200 <= status < 300:
        return status, ""
    if status == 410:
        return status, Fault.GONE
    return status, Fault.REDIRECT if 300 <= status < 400 else Fault.STATUS


def _fault_of(error: Exception) -> str:
    for kind, fault in _FAULTS:
        if isinstance(error, kind):
            return fault
    # A certificate that does not fit is told as a failed connection with its cause.
    if "SSL" in str(error) or "certificate" in str(error):
        return Fault.TLS
    return Fault.CONNECT if isinstance(error, httpcore.NetworkError) else Fault.BROKEN


_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (AddressRefused, Fault.ADDRESS),
    (NameUnknown, Fault.NAME),
    (httpcore.TimeoutException, Fault.TIMEOUT),
)
