"""One answer per Idempotency-Key, also when it comes from many sides at once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gongzhi.facts.models import KeptAnswer
from gongzhi.matters.models import Matter
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import NEW, Caller, is_problem, picture
from gongzhi.procedures.tests.support import World


def test_a_repeated_key_gets_the_first_answer_again(world: World) -> None:
    caller = Caller(world.staff["grid_worker"])
    first = caller.post("/matters", NEW, key="k1")
    again = caller.post("/matters", NEW, key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert Matter.objects.count() == 1
    secret = first.json()["secret"].encode()  # the answer is kept, the link's secret in it sealed
    assert not [one for one in KeptAnswer.objects.all() if secret in bytes(one.body)]
    body = is_problem(caller.post("/matters", {**NEW, "words": "别的"}, key="k1"), 422)
    assert body["code"] == "idempotency-key-reused"
    other = Caller(world.staff["community_worker"])
    assert other.post("/matters", NEW, key="k1").status_code == 201
    assert Matter.objects.count() == 2
    is_problem(caller.post("/matters", NEW, key="k" * 201), 422, "Idempotency-Key")
    address = f"/matters/{first.json()['reference']}/photos"
    kept = caller.upload(address, picture(), key="p1")
    assert caller.upload(address, picture(), key="p1").content == kept.content
    is_problem(caller.upload(address, picture(size=(9, 9)), key="p1"), 422)


@pytest.mark.django_db(transaction=True)
def test_one_key_pressed_from_many_sides_at_once_reports_once(
    settings: Any, tmp_path: Path
) -> None:
    """The unique constraint on kept answers lets one of many stand; the others repeat it."""
    settings.MEDIA_ROOT = tmp_path
    world = support.build()
    headers = Caller(world.staff["grid_worker"]).headers
    gate = threading.Barrier(4)
    answers: list[bytes] = []

    def press() -> None:
        caller = Caller()
        caller.headers = headers
        gate.wait(20)
        try:
            answers.append(caller.post("/matters", NEW, key="same").content)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert Matter.objects.count() == 1
