"""The whole life of a matter under load, and what a tenfold load does to it."""

from __future__ import annotations

import itertools
import random
from typing import Any

import orjson

from bench import crowd, filling, load

STEPS = ("create", "assign", "resolve", "search")
CALM = 1.5  # times the steady p95 at which the load counts as borne again


def script(places: list[crowd.Place]) -> load.Script:
    """Return one lifecycle: told at the grid, given to its worker, answered, found again.

    Each is carried by people of one community who see no other; a search that does not find the
    matter just told stops the bench.
    """
    dice = random.Random(7)  # noqa: S311  # invented words, not secrets
    numbers = itertools.count(1)

    async def lifecycle(line: load.Line, number: int) -> None:
        place = places[number % len(places)]
        # A word of three letters that no other matter has.
        word = f"{dice.choice(filling.THINGS)}，编{next(numbers):07d}号"
        told = {"words": word, "area": place.grid}
        status, body = await line.ask("create", _post("/matters", told, place.worker_token))
        if status != 201:
            return
        reference = orjson.loads(body)["reference"]
        give = {"references": [reference], "account": place.worker}
        status, body = await line.ask(
            "assign", _post("/bulk/assignments", give, place.secretary_token)
        )
        if status == 200 and not orjson.loads(body)["items"][0]["done"]:
            raise SystemExit(f"bench: not assigned: {body!r}")
        data = {"data": {"result": "solved", "answer": "已到现场处理"}}
        path = f"/matters/{reference}/moves/answer"
        await line.ask("resolve", _post(path, data, place.worker_token))
        asked = "/matters?status=&limit=20&text=" + quoted(word[-10:])
        status, body = await line.ask("search", _get(asked, place.secretary_token))
        if status == 200 and reference.encode() not in body:
            raise SystemExit("bench: a matter was told and is not found")

    return lifecycle


def quoted(text: str) -> str:
    """Return text as it stands in an address."""
    from urllib.parse import quote

    return quote(text)


def _post(path: str, body: dict[str, Any], token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}"}
    return load.request_bytes("POST", "/api/v1" + path, body=orjson.dumps(body), headers=headers)


def _get(path: str, token: str) -> bytes:
    return load.request_bytes("GET", "/api/v1" + path, headers={"Authorization": f"Bearer {token}"})


def spike(port: int, lifecycle: load.Script, *, steady: float, seconds: float) -> dict[str, Any]:
    """Let ten times as many users work for *seconds*; say what they met and when it was over."""
    before = together(load.play(port, lifecycle, seconds=steady))
    during = together(load.play(port, lifecycle, seconds=seconds, connections=160))
    after = together(load.play(port, lifecycle, seconds=steady))
    bound = CALM * before.percentile(0.95)
    return {
        "before_p95": before.percentile(0.95),
        "rate": during.rate,
        "p50": during.percentile(0.5),
        "p95": during.percentile(0.95),
        "longest": max(during.times, default=0.0),
        "recovered": _calm_after(after, bound),
        "failed": during.failed,
    }


def together(steps: dict[str, load.Outcome]) -> load.Outcome:
    """Return the outcome of all steps as one."""
    whole = load.Outcome()
    for one in steps.values():
        whole.seconds = one.seconds
        whole.done += one.done
        whole.times += one.times
        whole.ended += one.ended
        for status, n in one.statuses.items():
            whole.statuses[status] = whole.statuses.get(status, 0) + n
    return whole


def _calm_after(found: load.Outcome, bound: float) -> float:
    """Return after how many seconds every later second's p95 stayed within *bound*."""
    if not found.ended:
        return 0.0
    begun = min(found.ended)
    seconds: dict[int, list[float]] = {}
    for took, ended in zip(found.times, found.ended, strict=True):
        seconds.setdefault(int(ended - begun), []).append(took)
    rough = [second for second, times in seconds.items() if _p95(times) > bound]
    return float(max(rough) + 1) if rough else 0.0


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]
