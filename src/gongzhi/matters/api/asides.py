"""REST operations beside a matter's course: questions by link, the unit complained of.

Annotations stay real objects here: the API reads them through the access guard.
"""

import secrets
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import BIGGEST, Plain, Strict, Words
from gongzhi.kernel.web import json_response
from gongzhi.matters import actions, queries
from gongzhi.matters.api.reports import router
from gongzhi.matters.choices import HANDLE, SEE
from gongzhi.procedures import actions as procedures
from gongzhi.procedures import queries as cases

__all__ = ["router"]


class QuestionBody(Strict):
    """What is asked of the reporter, or of somebody named."""

    words: Words
    to_reporter: bool = False
    named: Annotated[Plain, Field(max_length=120)] = ""


class AskedAnswer(Schema):
    """The question's number, and the link that answers it once, until it expires."""

    question: int
    link: str
    expires_at: datetime


class QuestionAnswer(Schema):
    """A question: open, answered, over (its time is) or withdrawn."""

    id: int
    to: str
    to_reporter: bool
    words: str
    asker: str
    asked_at: datetime
    expires_at: datetime
    state: str
    answer: str
    answered_at: datetime | None


class AccusedBody(Strict):
    """The organisation complained of; null takes it away."""

    organisation: int | None = Field(default=None, ge=1, le=BIGGEST)


@router.get(
    "/matters/{reference}/questions", response=list[QuestionAnswer], summary="What was asked"
)
@access(SEE, face="api")
def list_questions(request: HttpRequest, reference: str) -> Any:
    """List what was asked through links, the newest first."""
    found = queries.get_matter(actor_of(request), reference)
    names = QuestionAnswer.model_fields
    rows = cases.questions_of(found.state)
    return json_response([{name: getattr(row, name) for name in names} for row in rows])


@router.post(
    "/matters/{reference}/questions", response={201: AskedAnswer}, summary="Ask through a link"
)
@access(HANDLE, face="api")
def ask(request: HttpRequest, reference: str, body: QuestionBody) -> Any:
    """Ask the reporter or somebody outside, as who holds the matter; the link is told this once."""
    actor = actor_of(request)
    case = queries.get_matter(actor, reference).state.id
    asked = procedures.NewQuestion(**body.__dict__, key=secrets.token_hex(16))
    done = procedures.ask_outside(actor=actor, case=case, asked=asked)
    told = {"question": done.question, "link": f"/q/{done.secret}/", "expires_at": done.expires_at}
    return json_response(told, status=201)


@router.post("/questions/{question}/extend", response={204: None}, summary="Give it more time")
@access(HANDLE, face="api")
def extend(request: HttpRequest, question: int) -> Any:
    """Let a link live on, as long as the procedure allows."""
    procedures.extend_question(actor=actor_of(request), question=question)
    return HttpResponse(status=204)


@router.post("/questions/{question}/withdraw", response={204: None}, summary="Take it back")
@access(HANDLE, face="api")
def withdraw(request: HttpRequest, question: int) -> Any:
    """Take a question back; its link is dead."""
    procedures.withdraw_question(actor=actor_of(request), question=question)
    return HttpResponse(status=204)


@router.post("/matters/{reference}/accused", response={204: None}, summary="Name who is accused")
@access(HANDLE, face="api")
def name_accused(request: HttpRequest, reference: str, body: AccusedBody) -> Any:
    """Name the unit complained of: its people learn nothing of the reporter."""
    actor = actor_of(request)
    actions.name_accused(actor=actor, reference=reference, organisation=body.organisation)
    return HttpResponse(status=204)
