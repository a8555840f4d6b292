"""REST operations of webhooks: where events are sent, the log of what was, and sending again.

Annotations stay real objects here: the API reads them through the access guard.
"""

from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from gongzhi.interchange import actions, queries
from gongzhi.interchange.choices import EVENTS, LONGEST_NAME, LONGEST_URL, MANAGE
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.web import json_response

router = Router(tags=["webhooks"])
_BIGGEST = 2**63 - 1
Number = Annotated[int, Field(ge=0, le=_BIGGEST)]
Words = Annotated[str, Field(pattern=r"^[^\x00]*$")]
_STEPS = {
    "test": actions.send_test,
    "pause": actions.pause_endpoint,
    "resume": actions.resume_endpoint,
    "remove": actions.remove_endpoint,
}


class EndpointBody(Schema):
    """Where events go, which, and as far as whose posts reach: the account's user name or name."""

    model_config = {"extra": "forbid"}

    name: Annotated[Words, Field(max_length=LONGEST_NAME)]
    url: Annotated[Words, Field(max_length=LONGEST_URL)]
    events: Annotated[list[str], Field(max_length=len(EVENTS))]
    owner: Annotated[Words, Field(max_length=60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint(queries.EndpointRow):
    """A new endpoint, with the secret that signs what it gets, told this once."""

    secret: str


class Deliveries(Schema):
    """A page of the log, the newest first."""

    items: list[queries.DeliveryRow]
    next: str | None


class EventAnswer(Schema):
    """A type of event, and what its data tells beside reference, area and fact."""

    type: str
    label: str
    tells: list[str]


@router.get("/webhooks/events", response=list[EventAnswer], summary="What can be subscribed to")
@access(MANAGE, face="api")
def list_events(request: HttpRequest) -> Any:
    """List the types of event; their names stay for good."""
    found = [
        {"type": name, "label": str(event.label), "tells": event.tells}
        for name, event in EVENTS.items()
    ]
    return json_response(found)


@router.get("/webhooks", response=list[queries.EndpointRow], summary="Where events are sent")
@access(MANAGE, face="api")
def list_endpoints(request: HttpRequest) -> Any:
    """List the endpoints that the caller administers, the newest first."""
    return json_response(queries.list_endpoints(actor_of(request)))


@router.post("/webhooks", response={201: NewEndpoint}, summary="Add an endpoint")
@access(MANAGE, face="api")
def add_endpoint(request: HttpRequest, body: EndpointBody) -> Any:
    """Have events sent to an address; the secret is told this once and never kept in the clear."""
    actor = actor_of(request)
    owner = queries.owner_named(actor, body.owner)
    added = actions.add_endpoint(
        actor=actor, name=body.name, url=body.url, events=body.events, owner=owner
    )
    row = queries.get_endpoint(actor, added.id)
    known = {one.name: getattr(row, one.name) for one in fields(row)}
    return json_response(NewEndpoint(**known, secret=added.secret), status=201)


@router.get("/webhooks/{endpoint}", response=queries.EndpointRow, summary="One endpoint")
@access(MANAGE, face="api")
def get_endpoint(request: HttpRequest, endpoint: Number) -> Any:
    """Read an endpoint with how much waits and how much was given up."""
    return json_response(queries.get_endpoint(actor_of(request), endpoint))


@router.get("/webhooks/{endpoint}/deliveries", response=Deliveries, summary="What was sent")
@access(MANAGE, face="api")
def list_deliveries(
    request: HttpRequest, endpoint: Number, cursor: str = "", limit: int | None = None
) -> Any:
    """List what was sent, waits or was given up, the newest first."""
    found = queries.list_deliveries(actor_of(request), endpoint, cursor=cursor, limit=limit)
    return json_response({"items": found.items, "next": found.next})


@router.post(
    "/webhooks/{endpoint}/deliveries/{delivery}/resend",
    response={204: None},
    summary="Send it once more",
)
@access(MANAGE, face="api")
def resend(request: HttpRequest, endpoint: Number, delivery: Number) -> Any:
    """Send a delivery once more under its own id, with all its tries before it again."""
    actions.resend(actor=actor_of(request), endpoint=endpoint, delivery=delivery)
    return HttpResponse(status=204)


@router.post("/webhooks/{endpoint}/{step}", response={204: None}, summary="Test, pause, resume")
@access(MANAGE, face="api")
def step_endpoint(
    request: HttpRequest, endpoint: Number, step: Literal["test", "pause", "resume", "remove"]
) -> Any:
    """Send a test event, pause, resume, or remove the endpoint for good."""
    _STEPS[step](actor=actor_of(request), endpoint=endpoint)
    return HttpResponse(status=204)
