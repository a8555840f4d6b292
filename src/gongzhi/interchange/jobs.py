"""Background jobs of webhooks: send what is due, forget old deliveries."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from procrastinate.contrib.django import app

from gongzhi.interchange import actions, queries
from gongzhi.interchange.actions import Claimed
from gongzhi.interchange.choices import BATCH
from gongzhi.interchange.outward import Result
from gongzhi.kernel.actor import SYSTEM

_LONGEST = 20.0  # seconds, so that a worker asked to stop is not kept


@app.periodic(cron="* * * * * */1")
@app.task(
    name="interchange.send_webhooks",
    queueing_lock="interchange.send_webhooks",
    # One at a time: programs that do not answer must not hold every worker.
    lock="interchange.send_webhooks",
    pass_context=False,
)
def send_webhooks(timestamp: int) -> None:
    """Send what is due, every second, until nothing is or it has taken long enough."""
    end = time.monotonic() + _LONGEST
    while send_due() and time.monotonic() < end:
        pass


def send_due() -> int:
    """Take a batch that is due and send it, all at once; return how many there were."""
    claimed = actions.claim_due(actor=SYSTEM)
    allowed = list(_allowed(claimed))
    with ThreadPoolExecutor(max_workers=BATCH) as pool:
        # Only the sending runs in threads of its own: it touches no record.
        results = pool.map(_send, allowed)
        for one, result in zip(allowed, results, strict=True):
            actions.record_result(actor=SYSTEM, claimed=one, result=result)
    return len(claimed)


def _allowed(claimed: list[Claimed]) -> Iterable[Claimed]:
    """Keep back what an endpoint's owner may not see at this moment."""
    for one in claimed:
        if one.case is None or queries.may_know(one.owner, [one.case]):
            yield one
        else:
            actions.withhold(actor=SYSTEM, claimed=one)


def _send(one: Claimed) -> Result:
    # The client of HTTP is large: a process that never sends does not load it.
    from gongzhi.interchange import sending

    return sending.send(one.url, one.secret, one.event, one.body)


@app.periodic(cron="40 2 * * *")
@app.task(name="interchange.forget_deliveries", queueing_lock="interchange.forget_deliveries")
def forget_deliveries(timestamp: int) -> None:
    """Forget deliveries past their term, every night."""
    actions.forget_deliveries(actor=SYSTEM)
