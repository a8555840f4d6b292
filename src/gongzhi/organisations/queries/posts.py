"""Reading posts: who holds what where, scoped by `organisations.see`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongzhi.areas import queries as areas
from gongzhi.kernel import clock, codes, paging
from gongzhi.kernel.actor import Actor
from gongzhi.organisations.errors import PostUnknown
from gongzhi.organisations.models import Post
from gongzhi.organisations.queries.actors import role_names
from gongzhi.organisations.queries.organisations import organisation_names


@dataclass(frozen=True, slots=True)
class PostRow:
    """A line of the list of posts. `valid_to` is the first day on which it is not held."""

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

    @property
    def is_running(self) -> bool:
        """Whether it is held today."""
        today = clock.today()
        return self.valid_from <= today and (self.valid_to is None or self.valid_to > today)

    @property
    def can_end(self) -> bool:
        """Whether there is still something to end or hand over."""
        return self.valid_to is None or self.valid_to > clock.today()


def visible_to(actor: Actor) -> QuerySet[Post]:
    """Return the posts *actor* may see: in areas and organisations of `organisations.see`."""
    if actor.is_system:
        return Post.objects.all()
    reach = Q(account=actor.account) if actor.kind == "person" else Q(pk__in=())
    for prefix in actor.areas_for("organisations.see"):
        low, high = codes.prefix_range(prefix)
        reach |= Q(area__gte=low, area__lt=high)
        reach |= Q(organisation__area__gte=low, organisation__area__lt=high)
    reach |= Q(organisation__in=actor.organisations_for("organisations.see"))
    return Post.objects.filter(reach)


def running(on: date) -> Q:
    """Return the condition for posts held on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def holders_within(area: str, roles: Iterable[str], on: date | None = None) -> dict[str, int]:
    """Return how many people hold each of these roles anywhere within *area* on a day (today)."""
    low, high = codes.prefix_range(area)
    held = Post.objects.filter(
        running(on or clock.today()), role__in=list(roles), area__gte=low, area__lt=high
    )
    counted = held.values_list("role").annotate(people=Count("account", distinct=True))
    return dict(counted.order_by("role"))


def list_posts(
    actor: Actor, *, filters: dict[str, Any] | None = None, cursor: str = "", size: int = 50
) -> paging.Page[PostRow]:
    """Return posts, newest first. Filters: role, area (prefix), account, organisation, all.

    `all` adds posts that have ended or not begun; without it only those held today.
    """
    chosen = filters or {}
    found = visible_to(actor).order_by("-pk")
    if not chosen.get("all"):
        found = found.filter(running(clock.today()))
    for key in ("role", "account", "organisation"):
        if chosen.get(key):
            found = found.filter(**{key: chosen[key]})
    if chosen.get("area"):
        low, high = codes.prefix_range(chosen["area"])
        found = found.filter(
            Q(area__gte=low, area__lt=high)
            | Q(organisation__area__gte=low, organisation__area__lt=high)
        )
    if cursor:
        found = found.filter(pk__lt=paging.decode_as(cursor, int)[0])
    items = list(found.select_related("account", "organisation")[: size + 1])
    more = paging.encode(items[size - 1].pk) if len(items) > size else None
    return paging.Page(_rows(items[:size]), more)


def _rows(found: list[Post]) -> tuple[PostRow, ...]:
    names = areas.names(sorted({post.area for post in found if post.area}))
    roles = role_names()
    return tuple(
        PostRow(
            post.pk,
            post.account_id,
            post.account.display_name,
            post.role_id,
            roles.get(post.role_id, post.role_id),
            post.area,
            post.organisation_id,
            post.organisation.name
            if post.organisation
            else names.get(post.area or "", post.area) or "",
            post.valid_from,
            post.valid_to,
            post.deputy_for_id,
        )
        for post in found
    )


def get_post(actor: Actor, post: int) -> PostRow:
    """Return one post; raise `PostUnknown` when the actor may not know of it."""
    found = visible_to(actor).filter(pk=post).select_related("account", "organisation").first()
    if found is None:
        raise PostUnknown()
    return _rows([found])[0]


def posts_of(actor: Actor, account: int) -> tuple[PostRow, ...]:
    """Return all posts of an account that *actor* may see, running ones and past, newest first."""
    return list_posts(actor, filters={"account": account, "all": True}, size=100).items


def post_labels(actor: Actor) -> list[str]:
    """Return the actor's posts in words, 跃龙社区 · 社区书记, in two statements at most."""
    names = areas.names(sorted({post.area for post in actor.posts if post.area}))
    inside = organisation_names_of(actor)
    roles = role_names()
    where = names | {str(organisation): name for organisation, name in inside.items()}
    return [
        f"{where.get(post.area or str(post.organisation), '')} · {roles.get(post.role, post.role)}"
        for post in actor.posts
    ]


def organisation_names_of(actor: Actor) -> dict[int, str]:
    """Return the names of the organisations in which *actor* holds posts."""
    return organisation_names(post.organisation for post in actor.posts if post.organisation)
