"""A small HTTP/1.1 load client: keep-alive connections, prepared bytes, bounded in count and time.

The client shares the machine with the server it measures, so it does as little as it can per
request: one write, one read, no parsing beyond status and length.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """What a burst of requests came to; times in milliseconds."""

    seconds: float = 0.0
    done: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return requests per second."""
        return self.done / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the time within which *share* (0…1) of the requests were answered."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def request_bytes(
    method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    """Return one whole request, ready to be written."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        length = int(lower[at + 15 : lower.index(b"\r\n", at)])
        return status, await reader.readexactly(length)
    return status, await _read_chunks(reader)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).strip() or b"0", 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


async def _connection(
    port: int, make: Callable[[int], bytes], numbers: list[int], until: float, into: Outcome
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while numbers and time.perf_counter() < until:
            number = numbers.pop()
            begun = time.perf_counter()
            writer.write(make(number))
            status, _body = await _read_answer(reader)
            into.times.append((time.perf_counter() - begun) * 1000)
            into.statuses[status] = into.statuses.get(status, 0) + 1
            into.done += 1
    finally:
        writer.close()


async def _burst(
    port: int, make: Callable[[int], bytes], count: int, connections: int, seconds: float
) -> Outcome:
    outcome = Outcome()
    numbers = list(range(count - 1, -1, -1))
    begun = time.perf_counter()
    await asyncio.gather(
        *(_connection(port, make, numbers, begun + seconds, outcome) for _ in range(connections))
    )
    outcome.seconds = time.perf_counter() - begun
    return outcome


def burst(
    port: int,
    make: Callable[[int], bytes],
    *,
    count: int,
    connections: int = 16,
    seconds: float = 30.0,
) -> Outcome:
    """Send at most *count* requests within *seconds* over *connections*; `make(n)` is the n-th."""
    return asyncio.run(_burst(port, make, count, connections, seconds))
