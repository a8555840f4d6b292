"""Background jobs of matters."""

from __future__ import annotations

import structlog
from django.db import IntegrityError
from procrastinate.contrib.django import app

from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.errors import FieldProblem, GongzhiError
from gongzhi.matters import actions, drafts, queries
from gongzhi.matters.sheet_rows import Wrong
from gongzhi.organisations.queries import actor_for

log = structlog.get_logger(__name__)

_BATCH = 1000
_ROWS_AT_ONCE = 200


@app.periodic(cron="35 2 * * *")
@app.task(queueing_lock="matters.erase_expired_reporters", pass_context=False)
def erase_expired_reporters(timestamp: int) -> None:  # procrastinate's signature
    """Erase reporters whose time is over, every night."""
    while actions.erase_expired_reporters(actor=SYSTEM, limit=_BATCH) == _BATCH:
        pass


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="matters.delete_abandoned_drafts", pass_context=False)
def delete_abandoned_drafts(timestamp: int) -> None:  # procrastinate's signature
    """Delete the photos of reports that were begun a day ago and never sent, every hour."""
    drafts.sweep()


@app.periodic(cron="* * * * * */2")
@app.task(
    queueing_lock="matters.take_sheets",  # at most one waits,
    lock="matters.take_sheets",  # and none begins while another is at work
    pass_context=False,
)
def take_sheets(timestamp: int) -> None:  # procrastinate's signature
    """Take in what was confirmed, some rows of each sheet at a time so that none waits long."""
    for sheet, by in queries.running_sheets():
        try:
            _take_some(sheet, by)
        except Exception:
            # One broken sheet must not keep the others waiting, nor break again every two seconds.
            log.exception("sheet stopped", sheet=sheet)
            actions.stop_sheet(actor=SYSTEM, sheet=sheet)


def _take_some(sheet: int, by: int) -> None:
    for _n in range(_ROWS_AT_ONCE):
        line = queries.next_line(sheet)
        if line is None:
            actions.end_sheet(actor=SYSTEM, sheet=sheet)
            return
        take_line(sheet, line, by)


def take_line(sheet: int, line: int, by: int) -> None:
    """Take in one row as the person who confirmed; what is refused now is told on its row."""
    try:
        actions.take_row(actor=actor_for(by), sheet=sheet, line=line)
    except IntegrityError:
        # The same number came in by another sheet at this moment: known at the next turn.
        return
    except GongzhiError as error:
        found = error.problems or (FieldProblem("", str(error.message), str(error.mend)),)
        problems = [Wrong(one.field, one.message, one.mend) for one in found]
        actions.refuse_row(actor=SYSTEM, sheet=sheet, line=line, problems=problems)


@app.periodic(cron="45 2 * * *")
@app.task(queueing_lock="matters.forget_sheets", pass_context=False)
def forget_sheets(timestamp: int) -> None:  # procrastinate's signature
    """Forget sheets whose time is over, every night."""
    actions.forget_sheets(actor=SYSTEM)
