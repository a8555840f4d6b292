"""Ends idle sessions, and keeps staff at the door until the sign-in is complete."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.errors import NotAllowed
from gongzhi.kernel.web import problem_response, wants_problem
from gongzhi.people import queries
from gongzhi.people.models import Account

_SEEN = "seen"
_STEP = 60  # seconds between two notes of the time, so that not every request writes
_FREE = ("/accounts/", "/static/", "/settings/", "/health", "/metrics", "/help/", "/privacy/")


class SessionGateMiddleware:
    """Runs after authentication; a request without a session passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _by_token(request):
            return self.get_response(request)
        account = request.user
        if not isinstance(account, Account):
            return self.get_response(request)
        return self._idle(request) or self._unfinished(request) or self.get_response(request)

    def _idle(self, request: HttpRequest) -> HttpResponse | None:
        """Sign out after the idle time; the page asked for comes back after signing in."""
        now = int(clock.now().timestamp())
        seen = request.session.get(_SEEN)
        limit = settings.GONGZHI_IDLE_MINUTES * 60
        if isinstance(seen, int) and now - seen > limit:
            logout(request)
            if wants_problem(request) or request.path.startswith(_FREE):
                return None
            messages.info(request, _("您有一段时间没有操作，为了安全已退出登录"))
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if not isinstance(seen, int) or now - seen >= _STEP:
            request.session[_SEEN] = now
        return None

    def _unfinished(self, request: HttpRequest) -> HttpResponse | None:
        """Send on to what is missing: an own password, a second factor."""
        if request.path.startswith(_FREE):
            return None
        account = request.user
        if not isinstance(account, Account):
            return None
        if account.must_change_password:
            return _stop(request, "account_change_password", _("请先设置您自己的密码"))
        if _needs_second_factor(request, account):
            return _stop(request, "mfa_activate_totp", _("工作人员须先设置动态口令才能继续"))
        return None


def _by_token(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _needs_second_factor(request: HttpRequest, account: Account) -> bool:
    """Whether this is staff without a second factor; the answer yes is asked each time anew."""
    if not account.is_staff_member or request.session.get("second_factor"):
        return False
    if settings.GONGZHI_DEMO and account.is_demo:
        return False
    if queries.has_second_factor(account.pk):
        request.session["second_factor"] = True
        return False
    return True


def _stop(request: HttpRequest, to: str, words: str) -> HttpResponse:
    if wants_problem(request):
        return problem_response(NotAllowed(words))
    messages.warning(request, words)
    return redirect(to)
