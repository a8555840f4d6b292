"""Every page and API operation declares who may use it; a test plays each role against it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gongzhi.kernel.actor import ANONYMOUS, Actor
from gongzhi.kernel.errors import NotAllowed, SignInNeeded

Face = Literal["public", "reporter", "account", "desk", "api"]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a view: its face, and the power that a desk or API view needs somewhere."""

    face: Face
    power: str | None


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor of *request*: set by the middleware, nobody where there is none."""
    return getattr(request, "actor", ANONYMOUS)


def check_access(request: HttpRequest, needed: Access) -> None:
    """Raise `SignInNeeded` or `NotAllowed` unless the request's actor may use such a view."""
    if needed.face in ("public", "reporter"):
        return
    actor = actor_of(request)
    if actor.kind != "person":
        raise SignInNeeded()
    if needed.power is not None and not actor.has(needed.power):
        raise NotAllowed(_("您的岗位没有使用这一页的权限"))


def access(power: str | None = None, *, face: Face) -> Callable[[Callable[..., Any]], Any]:
    """Declare and enforce who may use a view.

    `public` and `reporter` let anybody in (a reporter's secret is checked by the view's query);
    `account` needs a signed-in person; `desk` and `api` need one who holds *power* somewhere.
    Which records may be seen is decided by `visible_to(actor)`, never here.
    """
    if face in ("desk", "api") and power is None:
        raise ValueError("a desk or api view names the power it needs")

    found = Access(face, power)

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            needs_person = face in ("desk", "account")
            if needs_person and actor_of(request).kind != "person":
                return redirect_to_login(request.get_full_path())
            check_access(request, found)
            return view(request, *args, **kwargs)

        guarded.access = found  # type: ignore[attr-defined]  # read by the access test
        return guarded

    return declare
