"""What the rows of the bench share: one figure, the served district, its tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench import crowd, load


@dataclass(slots=True)
class Row:
    """One measured figure beside its aim."""

    name: str
    what: str
    value: float
    unit: str
    aim: str
    p50: float = 0.0
    p95: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)


class Bench:
    """Holds what the rows share: the served port, the token, the recorded ids."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.seconds = 3.0 if quick else 10.0
        self.matters = 3_000 if quick else 1_000_000
        self.port = 0
        self.pid = 0
        self.token = ""
        self.person = 0
        self.places: list[crowd.Place] = []

    def headers(self) -> dict[str, str]:
        """Return the headers of a signed request."""
        return {"Authorization": f"Bearer {self.token}"}

    def identify(self) -> None:
        """Issue a token for the district's clerk."""
        from gongzhi.people.queries import account_by_username

        self.person = account_by_username("zhihui") or 0
        self.token = crowd.token(self.person)
        self.places = crowd.places(16)

    def references(self, **conditions: Any) -> list[str]:
        """Return references of open matters the clerk may see."""
        from gongzhi.matters.choices import SUBJECT
        from gongzhi.organisations.queries import actor_for
        from gongzhi.procedures.queries import visible_cases

        reported = {"status": "open", "reference__contains": "-"}  # not what pgbench made
        found = visible_cases(actor_for(self.person), SUBJECT).filter(**reported, **conditions)
        return list(found.order_by("id").values_list("reference", flat=True)[:20_000])

    def burst(self, make: Callable[[int], bytes], count: int = 100_000) -> load.Outcome:
        """Send requests at 16 connections for the row's time, after a short warm-up."""
        load.burst(self.port, make, count=min(200, count // 10 + 1), seconds=2)
        return load.burst(self.port, make, count=count, seconds=self.seconds)


def outcome_row(name: str, what: str, aim: str, found: load.Outcome) -> Row:
    """Return the figure of a burst: its rate, and how long requests took."""
    return Row(
        name,
        what,
        round(found.rate, 1),
        "/s",
        aim,
        round(found.percentile(0.5), 1),
        round(found.percentile(0.95), 1),
        {"refused": found.failed} if found.failed else {},
    )
