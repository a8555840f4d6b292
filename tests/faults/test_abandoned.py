"""What a killed worker held is done by the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from gongzhi.cli.serve import give_back_abandoned

_NAME = "interchange.send_webhooks"


@pytest.fixture(autouse=True)
def queue(transactional_db: None) -> Iterator[None]:
    """Leave the queue empty: its tables are not among those that are emptied after a test."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _queue(status: str, lock: str) -> int:
    """Put a job into the queue, as if the worker that began it were gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, priority, lock, queueing_lock, args, status)"
            " VALUES ('default', %s, 0, %s, %s, '{\"timestamp\": 1}',"
            " %s::procrastinate_job_status) RETURNING id",
            [_NAME, lock, lock, status],
        )
        found = cursor.fetchone()
    assert found
    return int(found[0])


def _jobs() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def _fetched() -> Any:
    """Return the job that a worker would take now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, NULL)")
        found = cursor.fetchone()
    return found[0] if found else None


def _give_back() -> None:
    async def once() -> None:
        async with app.open_async():
            await give_back_abandoned(app.job_manager)

    with app.replace_connector(app.connector.get_worker_connector()):
        asyncio.run(once())


def test_the_lock_of_a_killed_worker_does_not_stop_those_who_come_after_for_good() -> None:
    """Webhooks are sent one job at a time, by a lock that a killed worker cannot give back."""
    held, waiting = _queue("doing", "w"), _queue("todo", "w")
    assert _fetched() is None
    _give_back()
    assert _jobs() == {waiting: "todo"}
    assert held not in _jobs()
    assert _fetched() == waiting


def test_a_job_without_a_successor_is_queued_again() -> None:
    """What is due once a night would otherwise wait for the next one."""
    held = _queue("doing", "nightly")
    _give_back()
    assert _jobs() == {held: "todo"}
    assert _fetched() == held
