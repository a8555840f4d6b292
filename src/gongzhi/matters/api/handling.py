"""What is done with a matter beside its moves: items of the pool, pauses, objections, its end.

Annotations stay real objects here: the API reads them through the access guard.
"""

from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import BIGGEST, Key, Plain, Strict, Words
from gongzhi.kernel.web import json_response
from gongzhi.matters import queries
from gongzhi.matters.api.reports import router
from gongzhi.matters.choices import HANDLE
from gongzhi.procedures import actions as procedures
from gongzhi.procedures.errors import CaseClosed
from gongzhi.procedures.queries import CaseShown

__all__ = ["router"]


class ReasonBody(Strict):
    """Why; it stays on record."""

    reason: Words


class CancelBody(ReasonBody):
    """Why, and the revision on which it was decided."""

    revision: int | None = Field(default=None, ge=0, le=2**31 - 1)


class ReopenBody(ReasonBody):
    """Why, and the stage in which it goes on."""

    stage: Key


class PauseBody(ReasonBody):
    """Why, and for how many working days the clock should stand still."""

    workdays: int = Field(ge=1, le=366)


class ApprovalBody(Strict):
    """Whether the pause is approved."""

    approved: bool


class RulingBody(Strict):
    """Whether the objection is upheld, with words."""

    upheld: bool
    ruling: Words


class SuperviseBody(ReasonBody):
    """Why, and under which of the occasions."""

    trigger: Annotated[Plain, Field(max_length=40)]


class WordsBody(Strict):
    """What is answered, or what came of it."""

    words: Words


class AssignBody(Strict):
    """Who is to have the item."""

    account: int = Field(ge=1, le=BIGGEST)


def _case(request: HttpRequest, reference: str, *, going: bool = True) -> dict[str, Any]:
    """Return who acts on which case; raise `MatterUnknown`, and `CaseClosed` for one that ended."""
    actor = actor_of(request)
    state = queries.get_matter(actor, reference).state
    if going and not state.is_open:
        raise CaseClosed()
    return {"actor": actor, "case": state.id}


def _told(state: Any) -> Any:
    return json_response(state.shown())


@router.post("/matters/{reference}/cancel", response=CaseShown, summary="Call it off")
@access("cases.cancel", face="api")
def cancel(request: HttpRequest, reference: str, body: CancelBody) -> Any:
    """Call off an open matter and what was opened for it."""
    return _told(procedures.cancel_case(**_case(request, reference), **body.__dict__))


@router.post("/matters/{reference}/reopen", response=CaseShown, summary="Open it again")
@access("cases.reopen", face="api")
def reopen(request: HttpRequest, reference: str, body: ReopenBody) -> Any:
    """Open a closed matter again, in a stage that its procedure allows."""
    found = _case(request, reference, going=False)
    return _told(procedures.reopen_case(**found, **body.__dict__))


@router.post("/matters/{reference}/pause", response=CaseShown, summary="Ask for a pause")
@access(HANDLE, face="api")
def ask_pause(request: HttpRequest, reference: str, body: PauseBody) -> Any:
    """Ask for the clock to stand still; somebody else approves it."""
    return _told(procedures.ask_pause(**_case(request, reference), **body.__dict__))


@router.post("/matters/{reference}/pause/ruling", response=CaseShown, summary="Rule on a pause")
@access(HANDLE, face="api")
def rule_pause(request: HttpRequest, reference: str, body: ApprovalBody) -> Any:
    """Approve or refuse the pause that waits."""
    return _told(procedures.rule_pause(**_case(request, reference), **body.__dict__))


@router.post("/matters/{reference}/resume", response=CaseShown, summary="End the pause")
@access(HANDLE, face="api")
def resume(request: HttpRequest, reference: str) -> Any:
    """Let the clock run on."""
    return _told(procedures.resume_case(**_case(request, reference)))


@router.post("/matters/{reference}/objection", response=CaseShown, summary="Object")
@access(HANDLE, face="api")
def object_to(request: HttpRequest, reference: str, body: ReasonBody) -> Any:
    """Say that a dispatched matter is not one's own."""
    return _told(procedures.object_to_dispatch(**_case(request, reference), reason=body.reason))


@router.post("/matters/{reference}/objection/ruling", response=CaseShown, summary="Rule on it")
@access(HANDLE, face="api")
def rule_objection(request: HttpRequest, reference: str, body: RulingBody) -> Any:
    """Uphold the objection that waits, or not; there is no second one."""
    return _told(procedures.rule_objection(**_case(request, reference), **body.__dict__))


@router.post("/matters/{reference}/supervision", response=CaseShown, summary="Supervise it")
@access(HANDLE, face="api")
def supervise(request: HttpRequest, reference: str, body: SuperviseBody) -> Any:
    """Put an open matter under supervision."""
    return _told(procedures.supervise_case(**_case(request, reference), **body.__dict__))


@router.post("/matters/{reference}/supervision/answer", response=CaseShown, summary="Answer")
@access(HANDLE, face="api")
def answer_supervision(request: HttpRequest, reference: str, body: WordsBody) -> Any:
    """Answer for a supervised matter, as who carries it."""
    return _told(procedures.answer_supervision(**_case(request, reference), words=body.words))


@router.post("/matters/{reference}/supervision/end", response=CaseShown, summary="End it")
@access(HANDLE, face="api")
def end_supervision(request: HttpRequest, reference: str, body: WordsBody) -> Any:
    """Take a matter off the watched list, saying what came of it."""
    found = _case(request, reference, going=False)
    return _told(procedures.end_supervision(**found, words=body.words))


@router.post("/inbox/{item}/claim", response=CaseShown, summary="Take from the pool")
@access(HANDLE, face="api")
def claim(request: HttpRequest, item: int) -> Any:
    """Take an item from the pool; of many at once one gets it."""
    return _told(procedures.claim_item(actor=actor_of(request), item=item))


@router.post("/inbox/{item}/release", response=CaseShown, summary="Give back to the pool")
@access(HANDLE, face="api")
def release(request: HttpRequest, item: int) -> Any:
    """Give a claimed item back."""
    return _told(procedures.release_item(actor=actor_of(request), item=item))


@router.post("/inbox/{item}/assign", response=CaseShown, summary="Give to a person")
@access(HANDLE, face="api")
def assign(request: HttpRequest, item: int, body: AssignBody) -> Any:
    """Give an item to a person who holds a post there."""
    return _told(procedures.assign_item(actor=actor_of(request), item=item, account=body.account))
