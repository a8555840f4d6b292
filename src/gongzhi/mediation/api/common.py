"""What the operations of disputes and consultations share: pages of lists, states, persons.

Annotations stay real objects here: the API reads them through the access guard.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from gongzhi.kernel.access import actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.bodies import Plain, Revision, Strict
from gongzhi.kernel.web import json_response
from gongzhi.mediation import queries
from gongzhi.mediation.actions import move_record
from gongzhi.mediation.choices import LONGEST_WORDS
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.queries import CaseShown

router = Router(tags=["mediation"])

Long = Annotated[Plain, Field(max_length=LONGEST_WORDS)]
Name = Annotated[Plain, Field(max_length=200)]
Area = Annotated[Plain, Field(max_length=20)]


class RecordsPage(Strict):
    """Open records unless `status` says closed, or is sent empty for both; the newest first."""

    status: str = Field(default="open", pattern="^(open|closed|)$")
    cursor: str = ""
    limit: int | None = None


class Records(Schema):
    """A page of records."""

    items: list[queries.Row]
    next: str | None


class RecordMoveBody(Strict):
    """The answers of the move's form, and the revision they were given on."""

    data: dict[str, Any] = Field(default_factory=dict)
    revision: Revision = None


class RevealPersonsBody(Strict):
    """Why names must be known: contact, verify, emergency, request, duty, or other with words."""

    reason: Annotated[Plain, Field(max_length=40)]
    words: Annotated[Plain, Field(max_length=500)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer(CaseShown):
    """A record with the caller's legal next moves; `wanted` is what he may add to it now.

    `erased` says that names and words are gone, `aside` that they are kept from the caller, who
    is recused.
    """

    title: str
    place: str
    about: str
    registered_at: datetime
    erased: bool
    aside: bool
    wanted: list[str]
    next_moves: list[dict[str, Any]]


_ABOUT = ("place", "about", "registered_at", "erased", "aside")


def page_answer(found: Any) -> HttpResponse:
    """Answer a page of a list."""
    return json_response({"items": found.items, "next": found.next})


def state_answer(state: procedures.CaseState, status: int = 200) -> HttpResponse:
    """Answer where a record stands."""
    return json_response(state.shown(), status=status)


def whole_answer(actor: Actor, found: Any, more: dict[str, Any]) -> HttpResponse:
    """Answer a record that was read for *actor*: where it stands, what it holds, what follows."""
    state = found.state
    moves = [move.as_dict() for move in procedures.next_moves(actor, state)]
    own = {"title": state.title, "next_moves": moves, "wanted": sorted(found.wanted)}
    about = {name: getattr(found, name) for name in _ABOUT}
    return json_response(state.shown() | about | own | more)


def created(state: procedures.CaseState, collection: str) -> HttpResponse:
    """Answer where a new record stands, and its address."""
    response = state_answer(state, 201)
    response["Location"] = f"/api/v1/{collection}/{state.reference}"
    return response


def kept_nowhere(told: Any) -> HttpResponse:
    """Answer names unmasked: kept neither on the way nor with the answers to keys."""
    response = json_response(told)
    response["Cache-Control"] = "no-store"
    return response


def moved(
    request: HttpRequest, reference: str, move: str, body: RecordMoveBody, subject: str
) -> HttpResponse:
    """Make one of the legal next moves of a record of this subject; answer where it stands."""
    actor = actor_of(request)
    found = queries.case_of(actor, reference, subject).reference
    done = move_record(
        actor=actor, reference=found, move=move, data=body.data, revision=body.revision
    )
    return state_answer(done)
