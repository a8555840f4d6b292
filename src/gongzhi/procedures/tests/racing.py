"""Lets calls run up to a lock that is held here, then all at once: a race that is no luck."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection, transaction

PATIENCE = 20.0


def waiting() -> int:
    """Return how many connections of this database wait for a lock."""
    with connection.cursor() as cursor:
        # What is read of the others is kept until the transaction ends, unless it is let go.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def together(
    calls: list[Callable[[], Any]], lock: str, params: list[Any], *, waiters: int | None = None
) -> list[Any]:
    """Let *calls* run in threads up to a row that is held here, then let them all go.

    Answers what each returned, or the exception it raised, in the order of *calls*.
    """
    answers: list[Any] = [None] * len(calls)

    def run(place: int) -> None:
        close_old_connections()
        try:
            answers[place] = calls[place]()
        except Exception as error:  # noqa: BLE001 - the answer of the race is what is asked
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(lock, params)
        for thread in threads:
            before = waiting()
            thread.start()
            until(lambda n=before, t=thread: waiting() > n or not t.is_alive())  # type: ignore[misc]
        until(lambda: waiting() >= (waiters or 0))
    for thread in threads:
        thread.join(PATIENCE)
    return answers


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached() and time.monotonic() < end:
        time.sleep(0.01)
