"""REST operations of taking in: matters alike, following, merging, splitting."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import Strict, known_only
from gongzhi.kernel.web import json_response
from gongzhi.matters import actions, queries
from gongzhi.matters.api.reports import router
from gongzhi.matters.choices import HANDLE, LONGEST_WORDS, REPORT, SEE, Channel
from gongzhi.procedures.queries import CaseShown

__all__ = ["router"]


class FollowBody(Strict):
    """Who follows a matter instead of reporting it again; all of it may be empty."""

    words: str = ""
    name: str = ""
    phone: str = ""
    channel: str = Channel.API.value
    submit_key: str = ""


class MergeBody(Strict):
    """The reference of the matter that goes on."""

    main: str


class PartBody(Strict):
    """One part; an empty area is that of the whole."""

    words: str
    category: str = ""
    area: str = ""


class PartsBody(Strict):
    """The parts to be split off, at most eight."""

    parts: list[PartBody]


class WantedBody(Strict):
    """What is about to be reported, and where."""

    words: str
    category: str = ""
    area: str = ""
    lon: float | None = None
    lat: float | None = None


class JoinedAnswer(Schema):
    """The matter that goes on, and the follower's own secret, told this once."""

    reference: str
    secret: str
    follow: str


class AlikeAnswer(Schema):
    """A matter like the one asked about."""

    reference: str
    title: str
    category_name: str
    community: str
    stage: str
    status: str
    reporters: int
    metres: int | None
    score: float


class SuggestionAnswer(Schema):
    """A category that may fit, with the words that spoke for it; `learned` or by hint words."""

    code: str
    name: str
    share: float
    reasons: list[str]
    learned: bool


class LikelyAnswer(Schema):
    """An organisation that had a part in matters of the likeliest category, and in how many."""

    id: int
    name: str
    handled: int
    of: int


class SuggestionsAnswer(Schema):
    """What the words may be of, and who handled such matters; nothing is decided by it."""

    categories: list[SuggestionAnswer]
    organisations: list[LikelyAnswer]


class SuggestionsAsked(Strict):
    """The words of a report."""

    words: str = Field(max_length=LONGEST_WORDS)


class OpenedPart(Schema):
    """A part, now a matter of its own."""

    reference: str
    area: str
    stage: str


@router.post("/alike", response=list[AlikeAnswer], summary="Matters like one to be told")
@access(SEE, face="api")
def find_alike(request: HttpRequest, body: WantedBody) -> Any:
    """List visible matters near and alike, the likest first; nothing is written."""
    found = queries.similar_to(actor_of(request), queries.Wanted(**body.__dict__))
    return json_response([_shown(one) for one in found])


def _shown(one: queries.SimilarRow) -> dict[str, Any]:
    return {name: getattr(one, name) for name in AlikeAnswer.model_fields}


@router.post("/matters/{reference}/followers", response={201: JoinedAnswer}, summary="Follow it")
@access(REPORT, face="api")
def follow_matter(request: HttpRequest, reference: str, body: FollowBody) -> Any:
    """Let somebody follow an open matter instead of reporting it again."""
    contact = actions.Contact(**body.__dict__)
    done = actions.follow_matter(actor=actor_of(request), reference=reference, contact=contact)
    answer = {
        "reference": done.reference,
        "secret": done.secret,
        "follow": f"/follow/{done.reference}/{done.secret}/",
    }
    return json_response(answer, status=201)


@router.post("/matters/{reference}/merge", response=CaseShown, summary="Merge into another")
@access(HANDLE, face="api")
def merge_matters(request: HttpRequest, reference: str, body: MergeBody) -> Any:
    """Merge this matter into `main`, whose state is returned: its case goes on for both."""
    state = actions.merge_matters(actor=actor_of(request), reference=reference, main=body.main)
    return json_response(state.shown())


@router.post("/matters/{reference}/split-off", response=CaseShown, summary="Undo a merge")
@access(HANDLE, face="api")
def split_off(request: HttpRequest, reference: str) -> Any:
    """Take a merged matter out of its main; its case goes on where it was."""
    return json_response(actions.split_off(actor=actor_of(request), reference=reference).shown())


@router.post("/matters/{reference}/parts", response={201: list[OpenedPart]}, summary="Split it")
@access(HANDLE, face="api")
def divide_matter(request: HttpRequest, reference: str, body: PartsBody) -> Any:
    """Open further matters from one that holds several."""
    parts = [actions.NewPart(**one.__dict__) for one in body.parts]
    done = actions.divide_matter(actor=actor_of(request), reference=reference, parts=parts)
    answer = [{name: getattr(one, name) for name in OpenedPart.model_fields} for one in done]
    return json_response(answer, status=201)


@router.get("/suggestions", response=SuggestionsAnswer, summary="What kind it may be, and whose")
@access(REPORT, face="api")
def get_suggestions(request: HttpRequest, asked: Query[SuggestionsAsked]) -> Any:
    """Suggest a category for words, each with its reason, and who handled such matters."""
    known_only(request, asked)
    found = queries.suggestions(asked.words)
    handled = queries.likely_organisations(found[0].code) if found else []
    return json_response({"categories": found, "organisations": handled})
