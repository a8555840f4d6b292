"""Programs that report matters and move them, and send again whatever was not answered."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from gongzhi.organisations.tests.support import GRID
from tests.faults.house import House

_MOST = 1500  # matters of one client, against a run that never ends
_PATIENCE = 240.0  # seconds until a request must have been answered
_HANGS_UP = 0.08
ENDS = "call_solved"
_FORMS: dict[str, tuple[str, dict[str, Any], str]] = {
    # move: who makes it, the answers of its form, the stage it leads to
    "pass_up": ("grid_worker", {"pass_reason": "超出网格"}, "community"),
    "answer": ("grid_worker", {"result": "solved", "answer": "办好了"}, "feedback"),
    ENDS: ("community_worker", {"satisfaction": "satisfied"}, "solved"),
}


class Contradicted(Exception):
    """The system said something that cannot be after what it had said before."""


@dataclass(slots=True)
class Answer:
    """What came back; `again` when an earlier sending had not been answered.

    `replayed` when the system says that it had done this before.
    """

    status: int
    body: bytes
    replayed: bool
    again: bool = False

    @property
    def told(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Sent:
    """A request that was acknowledged, so that it can be sent again."""

    path: str
    role: str
    body: bytes
    key: str
    answer: bytes


@dataclass(slots=True)
class Followed:
    """A matter as its reporter knows it from the answers."""

    key: str
    reference: str = ""
    revision: int = 0
    stage: str = ""
    moves: list[str] = field(default_factory=list)


class Client:
    """One caller with a dice of his own."""

    def __init__(self, house: House, tokens: dict[str, str], name: str, seed: int) -> None:
        self.house, self.tokens, self.name = house, tokens, name
        self.dice = random.Random(seed)
        self.matters: list[Followed] = []
        self.sent: list[Sent] = []
        self.acknowledged = 0
        self.again = 0  # requests that had to be sent more than once
        self.replayed = 0  # of these, done at an earlier sending whose answer was lost
        self.found = 0  # moves found made, though never acknowledged

    # --- one request ---------------------------------------------------------------------------
    def once(self, method: str, path: str, role: str, body: bytes = b"", key: str = "") -> Answer:
        """Send one request once; raises OSError or HTTPException when there is no answer.

        Now and then the caller himself hangs up before it, as a telephone in a lift does.
        """
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"Content-Type": "application/json"} if body else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=60)
        try:
            connection.request(method, f"/api/v1{path}", body or None, headers)
            if body and self.dice.random() < _HANGS_UP:
                raise ConnectionAbortedError
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), "Idempotency-Replayed" in answer.headers)
        finally:
            connection.close()

    def until_answered(
        self, method: str, path: str, role: str, body: bytes = b"", key: str = ""
    ) -> Answer:
        """Send a request until something below 500 comes back."""
        until, tries = time.monotonic() + _PATIENCE, 0
        while time.monotonic() < until:
            if self.house.serving.wait(1):
                tries += 1
                try:
                    answer = self.once(method, path, role, body, key)
                    if answer.status < 500 and answer.status != 429:
                        answer.again = tries > 1
                        self.again += answer.again
                        self.replayed += answer.again and answer.replayed
                        return answer
                except (OSError, http.client.HTTPException):
                    pass
                # At once now and then: the first sending may still be under way in the database.
                time.sleep(self.dice.choice((0, 0.05, 0.3)))
        raise Contradicted(f"{method} {path}: not answered after {tries} sendings")

    # --- what a caller does ----------------------------------------------------------------------
    def work(self, stop: threading.Event) -> None:
        """Report and move until told to stop."""
        while not stop.is_set() and len(self.matters) < _MOST:
            self.carry(self.report(), stop)

    def report(self) -> Followed:
        """Report a matter under a key of its own, and remember what was acknowledged."""
        key = f"{self.name}-{len(self.matters)}"
        one = Followed(key)
        self.matters.append(one)
        body = json.dumps(
            {"words": f"路灯不亮 {key}", "area": GRID, "category": "parking"}
        ).encode()
        answer = self.until_answered("POST", "/matters", "grid_worker", body, key)
        if answer.status != 201:
            raise Contradicted(f"{key}: {answer.status} {answer.body!r}")
        self.acknowledged += 1
        self.sent.append(Sent("/matters", "grid_worker", body, key, answer.body))
        told = answer.told
        one.reference, one.revision, one.stage = told["reference"], told["revision"], told["stage"]
        return one

    def carry(self, one: Followed, stop: threading.Event) -> None:
        """Carry a matter to its end, by way of the community now and then."""
        ways = (("answer", ENDS), ("pass_up", "answer", ENDS), ("answer",))
        for move in self.dice.choice(ways):
            if stop.is_set():
                return
            time.sleep(self.dice.uniform(0, 0.1))
            self.move(one, move)
            if self.dice.random() < 0.1:
                self.repeat(self.dice.choice(self.sent))

    def move(self, one: Followed, move: str) -> None:
        """Make a move: with a key, or by the revision alone, which tells whether it was made."""
        role, data, target = _FORMS[move]
        role = "community_worker" if one.stage == "community" else role
        path = f"/matters/{one.reference}/moves/{move}"
        body = json.dumps({"data": data, "revision": one.revision}).encode()
        key = f"{one.key}-{move}" if self.dice.random() < 0.6 else ""
        answer = self.until_answered("POST", path, role, body, key)
        if answer.status == 200:
            self.acknowledged += 1
            revision = answer.told["revision"]
            if key:
                self.sent.append(Sent(path, role, body, key, answer.body))
        elif answer.status == 409 and answer.again and not key:
            revision = self.until_answered("GET", f"/matters/{one.reference}", role).told[
                "revision"
            ]
            self.found += 1
        else:
            raise Contradicted(f"{path} {key}: {answer.status} {answer.body!r}")
        if revision != one.revision + 1:
            raise Contradicted(f"{path} {key}: revision {revision} after {one.revision}")
        one.revision, one.stage = revision, target
        one.moves.append(move)

    def repeat(self, sent: Sent) -> None:
        """Send again what was acknowledged: the answer must be the same to the byte."""
        answer = self.until_answered("POST", sent.path, sent.role, sent.body, sent.key)
        if answer.body != sent.answer:
            raise Contradicted(f"{sent.path} {sent.key}: {answer.body!r} after {sent.answer!r}")
