"""The questions of a case as its page lists them, with what the reader may do with each."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.procedures import policies, queries
from gongzhi.procedures.queries import CaseState

_TAGS = {"open": "waiting", "answered": "solved", "over": "closed", "withdrawn": "closed"}


def questions_told(actor: Actor, state: CaseState) -> list[dict[str, Any]]:
    """Return the questions of a case, each with its state in a word and what may be done."""
    words = {
        "open": _("等回答"),
        "answered": _("已回答"),
        "over": _("已过期"),
        "withdrawn": _("已撤回"),
    }
    return [
        {
            "row": row,
            "tag": _TAGS[row.state],
            "word": words[row.state],
            "managed": _managed(actor, state, row),
        }
        for row in queries.questions_of(state)
    ]


def _managed(actor: Actor, state: CaseState, row: queries.QuestionRow) -> list[tuple[str, str]]:
    waits = row.state in ("open", "over")
    if not waits or not policies.can_manage_question(actor, state, row.asked_by):
        return []
    return [("extend", _("延长期限")), ("withdraw", _("撤回"))]
