"""Questions through links: as those who see the case read them, and as who has the link does."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.kernel import clock, crypto
from gongzhi.kernel.actor import ANONYMOUS, REPORTER, Actor
from gongzhi.people import queries as people
from gongzhi.procedures.choices import SUBJECTS, Status
from gongzhi.procedures.errors import LinkDead
from gongzhi.procedures.models import Question
from gongzhi.procedures.queries.catalogue import definition_of
from gongzhi.procedures.queries.reading import CaseState

LONGEST_QUESTION = 1000
LONGEST_ANSWER = 2000
LONGEST_NAME = 120
_MOST_SECRET = 100


def secret_of(case: int, key: str) -> str:
    """Return the secret of a question's link: made anew each time, kept nowhere."""
    raw = crypto.blind_index(f"{case}:{key}", "procedures.question")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret: it is random enough to need no salt."""
    return hashlib.sha256(secret[:_MOST_SECRET].encode("utf-8", "replace")).digest()


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question as staff read it: to whom, by whom, how it stands, and what was answered.

    `state` is open, answered, over (its time is) or withdrawn.
    """

    id: int
    to: str
    to_reporter: bool
    words: str
    asker: str
    asked_by: int | None
    asked_at: datetime
    expires_at: datetime
    state: str
    answer: str
    answered_at: datetime | None


def questions_of(case: CaseState) -> list[QuestionRow]:
    """Return what was asked in a case that was read for the reader, the newest first."""
    found = list(Question.objects.filter(case_id=case.id).order_by("-id"))
    askers = {one.asked_by for one in found if one.asked_by}
    names = people.display_names(askers) if askers else {}
    now = clock.now()
    return [
        QuestionRow(
            id=one.pk,
            to=one.named or _("反映人"),
            to_reporter=one.to_reporter,
            words=one.words,
            asker=names.get(one.asked_by or 0, ""),
            asked_by=one.asked_by,
            asked_at=one.asked_at,
            expires_at=one.expires_at,
            state=_state(one, now, is_open=case.is_open),
            answer=one.answer,
            answered_at=one.answered_at,
        )
        for one in found
    ]


def _state(one: Question, now: datetime, *, is_open: bool) -> str:
    if one.answered_at is not None:
        return "answered"
    if one.withdrawn_at is not None:
        return "withdrawn"
    return "open" if is_open and now < one.expires_at else "over"


@dataclass(frozen=True, slots=True)
class AskedOutside:
    """All that a link tells: what is asked, of which case by its public name, and until when.

    `answers_as` is the actor under which the answer is recorded; `photos` says whether photos can
    come with it.
    """

    public_name: str
    reference: str
    words: str
    expires_at: datetime
    answers_as: Actor
    photos: bool = False


def asked_outside(secret: str) -> AskedOutside:
    """Return what a link asks; raise `LinkDead`, the same for any that cannot be answered."""
    found = _open_ones().filter(secret_hash=digest_of(secret)).select_related("case").first()
    if found is None:
        raise LinkDead()
    return AskedOutside(
        public_name=definition_of(found.case.version_id).public_name,
        reference=found.case.reference,
        words=found.words,
        expires_at=found.expires_at,
        answers_as=REPORTER if found.to_reporter else ANONYMOUS,
        photos=SUBJECTS[found.case.subject].keep_photos is not None,
    )


def _open_ones() -> Any:
    """Return the questions whose links can be answered now."""
    return Question.objects.filter(
        answered_at=None,
        withdrawn_at=None,
        expires_at__gt=clock.now(),
        case__status=Status.OPEN,
    )


@dataclass(frozen=True, slots=True)
class AskedReporter:
    """A question that waits for the reporter, with the secret of its link."""

    words: str
    expires_at: datetime
    secret: str


def asked_of_reporter(case: int) -> list[AskedReporter]:
    """Return what the reporter of a case is asked now, the oldest first.

    Only for whoever has proven to be that reporter.
    """
    found = _open_ones().filter(case_id=case, to_reporter=True).order_by("id")
    return [AskedReporter(one.words, one.expires_at, secret_of(case, one.key)) for one in found]


def secret_of_question(question: int) -> str:
    """Return the secret of a link that can be answered, for the e-mail that carries it, or ''."""
    found = _open_ones().filter(pk=question).first()
    return secret_of(found.case_id, found.key) if found else ""
