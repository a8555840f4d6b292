"""Giving, ending, handing over and deputising posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import Conflict, InvalidInput
from gongzhi.kernel.policy import require
from gongzhi.kernel.sql import row
from gongzhi.organisations import policies
from gongzhi.organisations.actions.refusals import refusals
from gongzhi.organisations.errors import (
    OrganisationUnknown,
    PlaceRefused,
    PostUnknown,
    RoleUnknown,
)
from gongzhi.organisations.facts import PostEnded, PostHandedOver, PostTaken
from gongzhi.organisations.models import Organisation, Post, Role
from gongzhi.people import queries as people
from gongzhi.people.actions import NewAccount, open_account


@dataclass(frozen=True, slots=True)
class NewPost:
    """Who is to hold which role where: at an area or in an organisation, never both.

    Dates are days; `valid_from` is today when absent, `valid_to` the first day without the post.
    """

    account: int
    role: str
    area: str | None = None
    organisation: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def _place_area(post: NewPost) -> str:
    """Return the area that a post stands at, directly or through its organisation."""
    if (post.area is None) == (post.organisation is None):
        raise PlaceRefused(
            _("岗位须设在一个区域或一个组织"), field="area", mend=_("两者选一，不能都选")
        )
    if post.area is not None:
        return areas.get_area(post.area).code
    code = Organisation.objects.filter(pk=post.organisation or 0).values_list("area", flat=True)
    found = code.first()
    if found is None:
        raise OrganisationUnknown(field="organisation")
    return found


def _role(key: str) -> Role:
    role = Role.objects.filter(pk=key, retired=False).first()
    if role is None:
        raise RoleUnknown(field="role", mend=_("请从角色列表中选择"))
    return role


@action
def add_post(*, actor: Actor, post: NewPost) -> int:
    """Give somebody a post and return its id.

    Raises `NotAllowed`, `RoleUnknown`, `PlaceRefused`, `RoleTaken`, `RolesApart`.
    """
    area = _place_area(post)
    role = _role(post.role)
    give = policies.can_give_post(
        actor, area=area, organisation=post.organisation, apart=role.apart, to=post.account
    )
    require(give)
    return _take(post, area, deputy_for=None)


def _take(post: NewPost, area: str, *, deputy_for: int | None) -> int:
    people.require_staff(post.account, field="account")
    first = post.valid_from or clock.today()
    if post.valid_to is not None and post.valid_to <= first:
        raise InvalidInput(
            _("结束日须晚于开始日"), field="valid_to", mend=_("请改日期，或留空表示不定期")
        )
    row("organisations", "hold_person", {"account": post.account})
    with refusals():
        made = Post.objects.create(
            account_id=post.account,
            role_id=post.role,
            area=post.area,
            organisation_id=post.organisation,
            valid_from=first,
            valid_to=post.valid_to,
            deputy_for_id=deputy_for,
        )
    fact = PostTaken(made.pk, post.account, post.role, post.organisation, deputy_for, first)
    emit(fact, area=area)
    return int(made.pk)


def _locked(actor: Actor, post: int) -> tuple[Post, str]:
    """Return a post held for this transaction and its area; the actor may manage it there."""
    found = Post.objects.select_for_update(of=("self",), no_key=True).filter(pk=post).first()
    if found is None:
        raise PostUnknown()
    area = found.area or _place_area(NewPost(0, "", organisation=found.organisation_id))
    require(policies.can_manage_posts(actor, area, found.organisation_id))
    if found.apart and not actor.is_system:
        require(
            policies.can_give_post(
                actor,
                area=area,
                organisation=found.organisation_id,
                apart=found.apart,
                to=found.account_id,
            )
        )
    return found, area


@action
def end_post(*, actor: Actor, post: int, on: date | None = None) -> None:
    """End a post, with its deputies, from a day on (today). Ending it twice changes nothing.

    Raises `NotAllowed`, `PostUnknown`, and `InvalidInput` for a day before it began.
    """
    found, area = _locked(actor, post)
    _end(found, area, on or clock.today())


def _end(found: Post, area: str, day: date) -> None:
    if found.valid_to is not None and found.valid_to <= day:
        return
    if day < found.valid_from:
        raise InvalidInput(
            _("结束日早于任职开始日"), field="on", mend=_("请选任职开始日或之后的日期")
        )
    for deputy in Post.objects.select_for_update(of=("self",)).filter(
        deputy_for=found, valid_to__gt=day
    ):
        deputy.valid_to = max(day, deputy.valid_from)
        deputy.save(update_fields=["valid_to"])
    found.valid_to = day
    found.save(update_fields=["valid_to"])
    emit(PostEnded(found.pk, found.account_id, found.role_id, day), area=area)


@action
def hand_over_post(*, actor: Actor, post: int, to: int, on: date | None = None) -> int:
    """End a post and give it to the next person from the same day on, both or neither.

    Open work stays with the role at its place, so it follows without being touched. Returns
    the new post's id. Raises `NotAllowed`, `Conflict` when the post has already ended.
    """
    found, area = _locked(actor, post)
    day = on or clock.today()
    if found.deputy_for_id is not None:
        raise PlaceRefused(_("代理岗位不能移交"), field="post", mend=_("请移交正式岗位"))
    if found.valid_to is not None and found.valid_to <= day:
        raise Conflict(_("这个岗位已经结束"), field="on", mend=_("请直接任命新人"))
    if found.account_id == to:
        raise InvalidInput(_("接任者就是现任者"), field="to", mend=_("请另选一人"))
    require(
        policies.can_give_post(
            actor, area=area, organisation=found.organisation_id, apart=found.apart, to=to
        )
    )
    until = found.valid_to
    _end(found, area, day)
    new = NewPost(to, found.role_id, found.area, found.organisation_id, day, until)
    next_post = _take(new, area, deputy_for=None)
    emit(PostHandedOver(found.pk, next_post, found.role_id, day), area=area)
    return next_post


@action
def deputise(*, actor: Actor, post: int, deputy: int, first: date, until: date) -> int:
    """Let somebody stand in for a post from *first* until before *until*; return the post's id.

    The holder of the post may name a deputy for it, and so may who manages posts there.
    Raises `NotAllowed`, `PlaceRefused`, `RolesApart`, `InvalidInput`.
    """
    found = Post.objects.select_for_update(of=("self",), no_key=True).filter(pk=post).first()
    if found is None:
        raise PostUnknown()
    area = found.area or _place_area(NewPost(0, "", organisation=found.organisation_id))
    own = actor.account == found.account_id and actor.scopes is None
    if not own or found.apart:
        require(
            policies.can_give_post(
                actor,
                area=area,
                organisation=found.organisation_id,
                apart=found.apart,
                to=deputy,
            )
        )
    if first < found.valid_from or (found.valid_to is not None and until > found.valid_to):
        raise InvalidInput(
            _("代理期超出了正式任期"), field="until", mend=_("请选正式任期之内的日期")
        )
    stand_in = NewPost(deputy, found.role_id, found.area, found.organisation_id, first, until)
    return _take(stand_in, area, deputy_for=found.pk)


@action
def open_staffed_account(*, actor: Actor, new: NewAccount, role: str, area: str) -> int:
    """Open an account and give it a post at an area, both or neither; return the account's id."""
    account = open_account(actor=actor, new=new)
    add_post(actor=actor, post=NewPost(account, role, area))
    return account
