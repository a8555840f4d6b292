"""REST operations of organisations and posts, and who one is.

Annotations stay real objects here: the API reads them through the access guard.
"""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AfterValidator

from gongzhi.kernel import paging
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor, PostHeld
from gongzhi.organisations import actions, queries

router = Router(tags=["organisations"])


def _printable(text: str) -> str:
    """Refuse characters that no name has and the database does not take."""
    if "\x00" in text:
        raise ValueError("NUL")
    return text


Text = Annotated[str, AfterValidator(_printable)]


class Strict(Schema):
    """A body that refuses fields it does not know."""

    model_config = {"extra": "forbid"}


class PostAnswer(Schema):
    """A post that somebody holds."""

    id: int
    account: int
    name: str
    role: str
    role_name: str
    area: str | None
    organisation: int | None
    place: str
    valid_from: date
    valid_to: date | None
    deputy_for: int | None


class MyPost(Schema):
    """A post of the caller, with what it allows."""

    id: int
    role: str
    role_name: str
    area: str | None
    organisation: int | None
    deputy: bool
    powers: list[str]


class Me(Schema):
    """The caller."""

    account: int
    name: str
    scopes: list[str] | None
    posts: list[MyPost]


class OrganisationAnswer(Schema):
    """An organisation."""

    id: int
    kind: str
    kind_name: str
    name: str
    code: str | None
    area: str
    area_name: str
    parent: int | None
    valid_from: date
    valid_to: date | None
    children: int


class Posts(Schema):
    """A page of posts."""

    items: list[PostAnswer]
    next: str | None


class Organisations(Schema):
    """A page of organisations."""

    items: list[OrganisationAnswer]
    next: str | None


class PostFilters(Strict):
    """What narrows the list of posts."""

    role: Text | None = None
    area: Text | None = None
    account: int | None = None
    organisation: int | None = None
    all: bool = False
    cursor: Text = ""
    limit: int | None = None


class OrganisationFilters(Strict):
    """What narrows the list of organisations."""

    kind: Text | None = None
    area: Text | None = None
    words: Text | None = None
    parent: int | None = None
    all: bool = False
    cursor: Text = ""
    limit: int | None = None


class NewPostBody(Strict):
    """Who is to hold which role where."""

    account: int
    role: Text
    area: Text | None = None
    organisation: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class EndBody(Strict):
    """The first day without the post, today when absent."""

    on: date | None = None


class HandOverBody(EndBody):
    """The next person, from a day on."""

    to: int


class NewOrganisationBody(Strict):
    """What founds an organisation."""

    kind: Text
    name: Text
    area: Text
    parent: int | None = None
    code: Text | None = None
    valid_from: date | None = None


class AbolishBody(EndBody):
    """The end of an organisation, and what follows it."""

    successor: int | None = None
    document: Text = ""


def _narrowed(filters: Strict) -> dict[str, Any]:
    given = filters.dict(exclude={"cursor", "limit"})
    return {key: value for key, value in given.items() if value}


@router.get("/me", response=Me, summary="Who I am, my posts and what they allow")
@access(face="account")
def me(request: HttpRequest) -> dict[str, Any]:
    """Return the caller."""
    actor = actor_of(request)
    roles = queries.role_names()
    scopes = sorted(actor.scopes) if actor.scopes is not None else None
    posts = [_my_post(actor, post, roles) for post in actor.posts]
    return {"account": actor.account, "name": actor.name, "scopes": scopes, "posts": posts}


def _my_post(actor: Actor, post: PostHeld, roles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": post.id,
        "role": post.role,
        "role_name": roles.get(post.role, post.role),
        "area": post.area,
        "organisation": post.organisation,
        "deputy": post.deputy,
        "powers": sorted(power for power in post.powers if actor.has(power)),
    }


@router.get("/organisations", response=Organisations, summary="Organisations in one's reach")
@access("organisations.see", face="api")
def organisation_list(
    request: HttpRequest,
    filters: Query[OrganisationFilters],
) -> Any:
    """List organisations by area, keyset paged."""
    return queries.list_organisations(
        actor_of(request),
        filters=_narrowed(filters),
        cursor=filters.cursor,
        size=paging.limit(filters.limit),
    )


@router.get("/organisations/{organisation}", response=OrganisationAnswer, summary="One of them")
@access("organisations.see", face="api")
def organisation_detail(request: HttpRequest, organisation: int) -> Any:
    """Return one organisation."""
    return queries.get_organisation(actor_of(request), organisation).row


@router.post("/organisations", response={201: OrganisationAnswer}, summary="Found one")
@access("organisations.manage", face="api")
def establish(request: HttpRequest, body: NewOrganisationBody) -> Any:
    """Found an organisation."""
    actor = actor_of(request)
    new = actions.NewOrganisation(**body.dict())
    made = actions.establish_organisation(actor=actor, new=new)
    return Status(201, queries.get_organisation(actor, made).row)


@router.post(
    "/organisations/{organisation}/abolish", response=OrganisationAnswer, summary="Abolish one"
)
@access("organisations.manage", face="api")
def abolish(request: HttpRequest, organisation: int, body: AbolishBody) -> Any:
    """Abolish an organisation."""
    actor = actor_of(request)
    queries.get_organisation(actor, organisation)
    actions.abolish_organisation(actor=actor, organisation=organisation, **body.dict())
    return queries.get_organisation(actor, organisation).row


@router.get("/posts", response=Posts, summary="Who holds what where")
@access("organisations.see", face="api")
def post_list(
    request: HttpRequest,
    filters: Query[PostFilters],
) -> Any:
    """List posts, newest first, keyset paged."""
    return queries.list_posts(
        actor_of(request),
        filters=_narrowed(filters),
        cursor=filters.cursor,
        size=paging.limit(filters.limit),
    )


@router.post("/posts", response={201: PostAnswer}, summary="Give somebody a post")
@access("posts.manage", face="api")
def add_post(request: HttpRequest, body: NewPostBody) -> Any:
    """Give somebody a post."""
    actor = actor_of(request)
    made = actions.add_post(actor=actor, post=actions.NewPost(**body.dict()))
    return Status(201, queries.get_post(actor, made))


@router.post("/posts/{post}/end", response=PostAnswer, summary="End a post")
@access("posts.manage", face="api")
def end_post(request: HttpRequest, post: int, body: EndBody) -> Any:
    """End a post from a day on."""
    actor = actor_of(request)
    queries.get_post(actor, post)
    actions.end_post(actor=actor, post=post, on=body.on)
    return queries.get_post(actor, post)


@router.post("/posts/{post}/hand-over", response={201: PostAnswer}, summary="Hand a post over")
@access("posts.manage", face="api")
def hand_over(request: HttpRequest, post: int, body: HandOverBody) -> Any:
    """Hand a post over to the next person, from a day on."""
    actor = actor_of(request)
    queries.get_post(actor, post)
    made = actions.hand_over_post(actor=actor, post=post, to=body.to, on=body.on)
    return Status(201, queries.get_post(actor, made))
