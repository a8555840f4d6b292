"""REST operations around the reporter: what his link shows, and who he is for a recorded reason.

Annotations stay real objects here: the API reads them through the access guard.
"""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import Plain, Strict
from gongzhi.kernel.web import json_response
from gongzhi.matters import actions, queries
from gongzhi.matters.api.reports import PublicAnswer, router

__all__ = ["router"]


class RevealBody(Strict):
    """Why the reporter must be known: contact, verify, emergency, request, duty, or other."""

    reason: Annotated[Plain, Field(max_length=40)]
    words: Annotated[Plain, Field(max_length=500)] = ""


class RevealedAnswer(Schema):
    """Name and phone as they were left; that they were read, and why, is on record."""

    name: str
    phone: str


class SaidAnswer(Schema):
    """What was said in public with a step."""

    label: str
    words: str


class StepAnswer(Schema):
    """A step that the reporter may read."""

    at: datetime
    text: str
    who: str
    said: list[SaidAnswer]


class PartStatus(Schema):
    """A matter that was split off."""

    reference: str
    title: str
    status: str
    stage: str
    outcome_kind: str


class ReporterAnswer(Schema):
    """The reporter's own view: `may_rate` says that the verdict is asked for now.

    Whoever `following` a matter is shown no words of its first reporter.
    """

    status: PublicAnswer
    title: str
    words: str
    category: str
    place: str
    place_text: str
    steps: list[StepAnswer]
    may_rate: bool
    solved: str
    satisfaction: str
    reporters: int
    following: bool
    merged: bool
    parts: list[PartStatus]


_COPIED = tuple(
    name for name in ReporterAnswer.model_fields if name not in ("status", "steps", "parts")
)


@router.post("/matters/{reference}/reporter", response=RevealedAnswer, summary="Who reported it")
@access("people.reveal", face="api")
def reveal_reporter(request: HttpRequest, reference: str, body: RevealBody) -> Any:
    """Tell who reported a matter; who asked, when and why stays on record, each time anew."""
    told = {"reason": body.reason, "words": body.words}
    found = actions.reveal_reporter(actor=actor_of(request), reference=reference, **told)
    response = json_response(found)
    response["Cache-Control"] = "no-store"  # nor kept with the answers to keys
    return response


@router.get("/follow/{reference}/{secret}", response=ReporterAnswer, summary="As its reporter")
@access(face="reporter")
def follow(request: HttpRequest, reference: str, secret: str) -> Any:
    """Read a matter by the secret of its link; the verdict is given by `/matters/…/verdict`."""
    view = queries.public_view(reference, secret)
    answer = {name: getattr(view, name) for name in _COPIED}
    steps = [
        {
            "at": one.at,
            "text": one.sentence,
            "who": one.who,
            "said": [{"label": said.label, "words": said.words} for said in one.said],
        }
        for one in view.timeline
    ]
    return json_response(answer | {"status": view.status, "steps": steps, "parts": view.parts})
