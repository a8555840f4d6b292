"""REST operations on several matters in one go: each is done by itself and tells its own fate."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import BIGGEST, Plain, Strict
from gongzhi.kernel.web import json_response
from gongzhi.matters import actions
from gongzhi.matters.api.reports import router
from gongzhi.matters.choices import HANDLE

__all__ = ["router"]

_MOST = actions.MOST_TOGETHER
References = Annotated[
    list[Annotated[Plain, Field(max_length=40)]], Field(min_length=1, max_length=_MOST)
]
Items = Annotated[
    list[Annotated[int, Field(ge=1, le=BIGGEST)]], Field(min_length=1, max_length=_MOST)
]


class MovesBody(Strict):
    """The matters (1 to 50), the move and the answers of its form, the same for all."""

    references: References
    move: Annotated[Plain, Field(max_length=60)]
    data: dict[str, Any] = Field(default_factory=dict)


class AssignmentsBody(Strict):
    """The matters (1 to 50), and who is to have them."""

    references: References
    account: int = Field(ge=1, le=BIGGEST)


class ItemsBody(Strict):
    """Items of the inbox (1 to 50)."""

    items: Items


class FateAnswer(Schema):
    """What became of one: `done`, or the code and the words of the refusal."""

    chosen: str
    done: bool
    code: str
    detail: str


class Fates(Schema):
    """What became of each of the chosen, in the order of their references or numbers."""

    items: list[FateAnswer]


def _told(fates: list[actions.Fate]) -> Any:
    items = [
        {
            "chosen": fate.chosen,
            "done": fate.error is None,
            "code": fate.error.code if fate.error else "",
            "detail": str(fate.error) if fate.error else "",
        }
        for fate in fates
    ]
    return json_response({"items": items})


@router.post("/bulk/moves", response=Fates, summary="Make one move of several")
@access(HANDLE, face="api")
def move_many(request: HttpRequest, body: MovesBody) -> Any:
    """Make one move of several matters; one that is refused does not stop the others."""
    return _told(actions.move_together(actor=actor_of(request), **body.__dict__))


@router.post("/bulk/assignments", response=Fates, summary="Give several to a person")
@access(HANDLE, face="api")
def assign_many(request: HttpRequest, body: AssignmentsBody) -> Any:
    """Give several matters to one person who holds a post where they lie."""
    return _told(actions.assign_together(actor=actor_of(request), **body.__dict__))


@router.post("/bulk/claims", response=Fates, summary="Take several from the pool")
@access(HANDLE, face="api")
def claim_many(request: HttpRequest, body: ItemsBody) -> Any:
    """Take several items from the pool."""
    items = [str(item) for item in body.items]
    return _told(actions.take_together(actor=actor_of(request), items=items, what="claim"))


@router.post("/bulk/releases", response=Fates, summary="Give several back to the pool")
@access(HANDLE, face="api")
def release_many(request: HttpRequest, body: ItemsBody) -> Any:
    """Give several claimed items back."""
    items = [str(item) for item in body.items]
    return _told(actions.take_together(actor=actor_of(request), items=items, what="release"))
