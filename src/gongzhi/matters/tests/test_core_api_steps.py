"""What a person can do with a matter on its page beside moves, a program can do as well."""

from __future__ import annotations

import pytest

from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters.tests.support import Caller, is_problem, report
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.tests.support import World

POWERS = ("matters.see", "matters.handle", "cases.cancel", "cases.reopen")


@pytest.fixture
def secretary(world: World) -> Caller:
    actor = world.staff["community_secretary"]
    return Caller(actor, *(power for power in POWERS if actor.has(power)))


def item_of(reference: str) -> int:
    return procedures.case_by_reference(SYSTEM, reference).holdings[0].id


def test_a_matter_is_called_off_and_opened_again(world: World, secretary: Caller) -> None:
    reference = report().reference
    worker = Caller(world.staff["grid_worker"])
    is_problem(worker.post(f"/matters/{reference}/cancel", {"reason": "登记错了"}), 403)
    is_problem(secretary.post(f"/matters/{reference}/cancel", {"reason": " "}), 422)
    stale = {"reason": "登记错了", "revision": 99}
    is_problem(secretary.post(f"/matters/{reference}/cancel", stale), 409)
    done = secretary.post(f"/matters/{reference}/cancel", {"reason": "登记错了"})
    assert done.status_code == 200, done.content
    assert done.json()["status"] == "closed"
    for step, body in (("pause", {"reason": "甲", "workdays": 2}), ("objection", {"reason": "甲"})):
        is_problem(secretary.post(f"/matters/{reference}/{step}", body), 409)
    wrong = {"reason": "甲", "stage": "nowhere"}
    answer = secretary.post(f"/matters/{reference}/reopen", wrong)
    is_problem(answer, 409)


def test_a_pause_is_asked_for_by_who_carries_the_matter(world: World) -> None:
    reference = report().reference
    worker = Caller(world.staff["grid_worker"])
    body = {"reason": "等材料", "workdays": 2}
    other = Caller(world.staff["community_worker"])
    refused = other.post(f"/matters/{reference}/pause", body)
    is_problem(refused, 403)
    asked = worker.post(f"/matters/{reference}/pause", body)
    assert asked.status_code == 200, asked.content
    leader = Caller(world.staff["street_secretary"])
    ruled = leader.post(f"/matters/{reference}/pause/ruling", {"approved": False})
    assert ruled.status_code == 200, ruled.content
    is_problem(
        worker.post(f"/matters/{reference}/pause", {**body, "reason": "\x00"}), 422, "reason"
    )
    is_problem(worker.post(f"/matters/{reference}/pause", {**body, "workdays": 0}), 422, "workdays")
    is_problem(worker.post(f"/matters/{reference}/resume", {}), 409)


def test_an_item_is_claimed_once_and_given_back(world: World) -> None:
    reference = report(area="").reference
    item = item_of(reference)
    clerk = world.staff.get("district_clerk")
    assert clerk is not None
    mine = Caller(clerk)
    assert mine.post(f"/inbox/{item}/claim", {}).status_code == 200
    is_problem(mine.post(f"/inbox/{item}/claim", {}), 409)
    assert mine.post(f"/inbox/{item}/release", {}).status_code == 200
    outside = Caller(world.staff["grid_worker"])
    is_problem(outside.post(f"/inbox/{item}/claim", {}), 404)
    is_problem(mine.post(f"/inbox/{2**62}/claim", {}), 404)
    assert mine.post(f"/inbox/{item}/assign", {"account": 1}).status_code == 422
