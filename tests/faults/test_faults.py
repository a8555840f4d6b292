"""What was acknowledged outlives SIGKILL of web, worker and database under load.

`make faults` kills twenty times; the suite, which shares its machine with other tests, less often.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gongzhi.interchange.tests.program import Program, listening
from tests.faults.clients import ENDS, Client
from tests.faults.house import PARTS, House, await_that, housed

KILLS = int(os.environ.get("GONGZHI_FAULT_KILLS", "3"))
SEED = int(os.environ.get("GONGZHI_FAULT_SEED", "20"))
NAME = os.environ.get("GONGZHI_TEST_SUFFIX", "main")
LONG = len(PARTS) < KILLS
_CLIENTS = 6  # more than the web part serves at once: a kill always meets work


def test_nothing_acknowledged_is_lost_and_nothing_resent_is_doubled() -> None:
    """Kill in turn web, worker and database at random moments, while programs report and move.

    Callers hang up now and then too. Seen to fail with `synchronous_commit` off (acknowledged
    moves are lost) and with callers that make a new key for every sending (told by their own move
    that they came too late).
    """
    with (
        listening() as program,
        housed(NAME) as house,
    ):
        tokens = house.told("tests.faults.seeding", program.url)
        program.secret = tokens.pop("secret")
        clients = [Client(house, tokens, f"c{n}", SEED * 100 + n) for n in range(_CLIENTS)]
        await_that(house.up, "the web part did not come up")
        killed = _work_and_kill(house, clients)
        _drain(house)
        found = house.told("tests.faults.looking", "matters", "readers", "figures")
        _tell(killed, clients, found)
        _nothing_lost_or_doubled(clients, found["matters"])
        _answers_stay(clients)
        _every_fact_read(found, program)
        verified = house.run("-m", "gongzhi", "verify")
        assert verified.returncode == 0, verified.stdout


def _work_and_kill(house: House, clients: Sequence[Client]) -> list[str]:
    """Let the clients work while parts are killed; return what was."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(clients)) as pool:
        work = [pool.submit(client.work, stop) for client in clients]
        try:
            killed = _kill_often(house, clients, lambda: any(one.done() for one in work))
        finally:
            stop.set()
            house.serving.set()
    for one in work:
        one.result()
    assert len(killed) == KILLS
    return killed


def _kill_often(house: House, clients: Sequence[Client], ended: Callable[[], bool]) -> list[str]:
    dice = random.Random(SEED)
    parts = [part for _ in range(KILLS) for part in dice.sample(PARTS, len(PARTS))][:KILLS]
    killed: list[str] = []
    for part in parts:
        # The moment: so much work after everything was up again.
        aim = sum(one.acknowledged for one in clients) + dice.randrange(5, 40)
        _await_work(house, clients, aim, ended)
        if ended():
            break  # a client says why
        killed.append(house.kill(part, dice))
    await_that(house.up, "the web part did not come up")
    return killed


def _await_work(
    house: House, clients: Sequence[Client], aim: int, ended: Callable[[], bool]
) -> None:
    def done() -> bool:
        return house.up() and (ended() or sum(one.acknowledged for one in clients) >= aim)

    await_that(done, "no work goes on")


def _drain(house: House) -> None:
    """Wait until the worker has handed every fact to every handler, and sent every webhook."""

    def drained() -> bool:
        house.keep()
        now = house.told("tests.faults.looking", "readers")["readers"]
        waits = now["behind"] or (LONG and (now["abandoned"] or now["unsent"]))
        return not waits

    await_that(drained, "the worker does not come to an end")


def _tell(killed: Sequence[str], clients: Sequence[Client], found: dict[str, Any]) -> None:
    """Say what the run was, for `make faults`."""
    sys.stderr.write(
        f"\nkilled: {dict(Counter(killed))}; {len(found['matters'])} matters, "
        f"{sum(one.acknowledged for one in clients)} acknowledged, "
        f"{sum(one.again for one in clients)} sent again, "
        f"{sum(one.replayed for one in clients)} of them done before, "
        f"{sum(one.found for one in clients)} moves found made; seed {SEED}\n"
    )


def _nothing_lost_or_doubled(clients: Sequence[Client], matters: list[dict[str, Any]]) -> None:
    kept = {one["words"].split()[-1]: one for one in matters}
    followed = {one.key: one for client in clients for one in client.matters}
    assert len(kept) == len(matters), "a key came to more than one matter"
    assert set(kept) == set(followed)
    for key, known in followed.items():
        one = kept[key]
        assert one["reference"] == known.reference, key
        assert (one["revision"], one["stage"]) == (known.revision, known.stage) or (
            one["status"] == "closed" and one["outcome"] == known.stage
        ), (key, one, known)
        assert [move for move in one["moves"] if move in known.moves] == known.moves, (key, one)
        facts = Counter(one["facts"])
        assert facts["matters.reported"] == 1, (key, facts)
        assert facts["procedures.case_closed"] == known.moves.count(ENDS), (key, facts)


def _answers_stay(clients: Sequence[Client]) -> None:
    for client in clients:
        for sent in client.sent:
            client.repeat(sent)


def _every_fact_read(found: dict[str, Any], program: Program) -> None:
    state, figures = found["readers"], found["figures"]
    assert state["readers"]
    assert not state["behind"]
    assert not state["dead"]
    matters = found["matters"]
    closed = [one["reference"] for one in matters if one["status"] == "closed"]
    assert figures["received"] == len(matters)
    assert figures["closed"] == len(closed)
    if LONG:
        assert not state["abandoned"]
        heard = {(one["type"], one["data"]["reference"]) for one in program.got}
        assert heard == {("matter.reported", one["reference"]) for one in matters} | {
            ("matter.closed", reference) for reference in closed
        }
