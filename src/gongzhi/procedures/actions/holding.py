"""The lock that serialises what is not decided by a case's revision alone."""

from __future__ import annotations

from django.db import connection

from gongzhi.procedures.errors import CaseUnknown


def hold_case(case: int) -> None:
    """Hold the row of *case* until the action ends; raise `CaseUnknown`.

    Pauses, objections and the last of several equal parts each read the case, then write: without
    this lock a move in between would be paused, or two last parts would both leave it ownerless.
    Always taken before any item is touched, as a move does, so that no two wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procedures_case WHERE id = %s FOR UPDATE", [case])
        if cursor.fetchone() is None:
            raise CaseUnknown()
