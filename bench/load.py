"""A small HTTP/1.1 load client: keep-alive connections, prepared bytes, bounded in count and time.

The client shares the machine with the server it measures, so it does as little as it can per
request: one write, one read, no parsing beyond status and length.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """What a burst of requests came to; times in milliseconds."""

    seconds: float = 0.0
    done: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)

    @property
    def failed(self) -> dict[str, int]:
        """Return how often each status came that is no success; 0 is a lost connection."""
        return {str(code): n for code, n in self.statuses.items() if not 200 <= code < 300}

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


class Line:
    """One kept connection that notes what every request came to, by the name of its step."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, into: dict[str, Outcome]
    ) -> None:
        self.reader, self.writer, self.into = reader, writer, into

    async def ask(self, step: str, request: bytes) -> tuple[int, bytes]:
        """Send one request; return status and body. Status 0 stands for a lost connection."""
        outcome = self.into.setdefault(step, Outcome())
        begun = time.perf_counter()
        try:
            self.writer.write(request)
            status, body = await _read_answer(self.reader)
        except (OSError, EOFError):
            status, body = 0, b""
        ended = time.perf_counter()
        outcome.times.append((ended - begun) * 1000)
        outcome.ended.append(ended)
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
        outcome.done += 1
        return status, body


Script = Callable[[Line, int], Awaitable[None]]


async def _connection(
    port: int, script: Script, numbers: list[int], until: float, into: dict[str, Outcome]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while numbers and time.perf_counter() < until:
            await script(Line(reader, writer, into), numbers.pop())
    finally:
        writer.close()


async def _play(
    port: int, script: Script, count: int, connections: int, seconds: float
) -> dict[str, Outcome]:
    into: dict[str, Outcome] = {}
    numbers = list(range(count - 1, -1, -1))
    begun = time.perf_counter()
    await asyncio.gather(
        *(_connection(port, script, numbers, begun + seconds, into) for _ in range(connections))
    )
    took = time.perf_counter() - begun
    for outcome in into.values():
        outcome.seconds = took
    return into


def play(
    port: int, script: Script, *, count: int = 10_000_000, connections: int = 16, seconds: float
) -> dict[str, Outcome]:
    """Let every connection run *script* again and again; return the outcome of each step."""
    return asyncio.run(_play(port, script, count, connections, seconds))


def burst(
    port: int,
    make: Callable[[int], bytes],
    *,
    count: int,
    connections: int = 16,
    seconds: float = 30.0,
) -> Outcome:
    """Send at most *count* requests within *seconds* over *connections*; `make(n)` is the n-th."""

    async def script(line: Line, number: int) -> None:
        await line.ask("", make(number))

    found = play(port, script, count=count, connections=connections, seconds=seconds)
    return found.get("", Outcome())
