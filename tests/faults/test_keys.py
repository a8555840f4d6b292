"""A key sent again while its first sending is still under way: one answer for both."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import Caller
from gongzhi.procedures.models import Case, Entry


@pytest.mark.django_db(transaction=True)
def test_a_move_sent_again_while_the_first_is_under_way_is_not_told_that_it_came_too_late(
    settings: Any, tmp_path: Path
) -> None:
    """A caller whose connection broke sends his move again at once, and must not hear of himself.

    Seen to fail (409, "the case has moved") without the second look at the kept answers.
    """
    settings.MEDIA_ROOT = tmp_path
    world = support.build()
    found = support.report()
    headers = Caller(world.staff["grid_worker"]).headers
    body = {"data": {"result": "solved", "answer": "已划线"}, "revision": found.revision}
    gate = threading.Barrier(4)
    answers: list[tuple[int, bytes]] = []

    def press() -> None:
        caller = Caller()
        caller.headers = headers
        gate.wait(20)
        try:
            told = caller.post(f"/matters/{found.reference}/moves/answer", body, key="same")
            answers.append((told.status_code, told.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 4
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 200
    assert json.loads(answers[0][1])["revision"] == found.revision + 1
    assert Case.objects.get(pk=found.case).revision == found.revision + 1
    assert Entry.objects.filter(case_id=found.case, move="answer").count() == 1
