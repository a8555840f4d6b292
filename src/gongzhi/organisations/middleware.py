"""Sets `request.actor`: whoever a session or a token stands for, looked up when first asked."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from gongzhi.kernel.actor import ANONYMOUS, Actor
from gongzhi.kernel.errors import SignInNeeded
from gongzhi.organisations import queries

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class TokenInvalid(SignInNeeded):
    """A token was sent, but it opens nothing."""

    code = "token-invalid"


class _SessionCheck(CsrfViewMiddleware):
    """Asks whether a request with a session cookie was meant by the person behind it."""

    def _reject(self, _request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _meant(request: HttpRequest) -> bool:
    """Whether a session may speak here: the API's views are exempt from Django's own check."""
    if request.method in _SAFE or not request.path.startswith("/api/"):
        return True
    check = _SessionCheck(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, lambda _request: HttpResponse(), (), {}) is None


def identify(request: HttpRequest) -> Actor:
    """Return who makes *request*; raise `TokenInvalid` for a token that opens nothing."""
    scheme, _space, raw = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.path.startswith("/api/"):
        actor = queries.actor_for_token(raw.strip())
        if actor is None:
            raise TokenInvalid(
                _("令牌无效、已过期或已停用"), mend=_("请在“我的账号”里重新生成令牌")
            )
        return actor
    if request.user.is_authenticated and _meant(request):
        return queries.actor_for(request.user.pk)
    return ANONYMOUS


class ActorMiddleware:
    """Give every request its actor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: identify(request))  # type: ignore[attr-defined]
        return self.get_response(request)
