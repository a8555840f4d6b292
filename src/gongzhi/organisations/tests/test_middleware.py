"""Whom a request stands for: a session, a token, nobody; and that a session was meant."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.middleware.csrf import get_token
from django.test import RequestFactory

from gongzhi.kernel.actor import ANONYMOUS, SYSTEM
from gongzhi.organisations.middleware import TokenInvalid, identify
from gongzhi.organisations.tests.support import GRID, small_district, staff
from gongzhi.people.actions import close_account, issue_token, revoke_token
from gongzhi.people.models import Account

pytestmark = pytest.mark.django_db
web = RequestFactory()


@pytest.fixture
def worker() -> Any:
    small_district()
    return staff("worker", "grid_worker", GRID)


def by_token(raw: str, path: str = "/api/v1/me", **more: Any) -> Any:
    request = web.get(path, headers={"Authorization": f"Bearer {raw}"}, **more)
    request.user = AnonymousUser()
    return request


def test_a_token_stands_for_its_owner_narrowed_in_one_statement(
    worker: Any, django_assert_num_queries: Any
) -> None:
    raw = issue_token(actor=worker, name="x", scopes=["matters.see"]).raw
    with django_assert_num_queries(1):
        actor = identify(by_token(raw))
    assert actor.account == worker.account
    assert actor.may("matters.see", area=GRID)
    assert not actor.may("matters.handle", area=GRID)
    assert actor.areas_for("matters.handle") == ()


@pytest.mark.parametrize("raw", ["", "gz_", "gz_wrong", "x" * 5000, "gz_\udcff"])
def test_a_token_that_opens_nothing_is_said_and_never_taken_for_nobody(raw: str) -> None:
    with pytest.raises(TokenInvalid) as refused:
        identify(by_token(raw))
    assert refused.value.status == 401
    assert refused.value.mend


def test_revoked_tokens_and_closed_accounts_stop_at_once(worker: Any) -> None:
    one = issue_token(actor=worker, name="x", scopes=["matters.see"])
    two = issue_token(actor=worker, name="y", scopes=["matters.see"])
    revoke_token(actor=worker, token=one.id)
    with pytest.raises(TokenInvalid):
        identify(by_token(one.raw))
    close_account(actor=SYSTEM, account=worker.account)
    with pytest.raises(TokenInvalid):
        identify(by_token(two.raw))


def test_tokens_are_for_the_api_only(worker: Any) -> None:
    raw = issue_token(actor=worker, name="x", scopes=["matters.see"]).raw
    assert identify(by_token(raw, "/desk/")) == ANONYMOUS


def test_a_session_writes_through_the_api_only_with_the_pages_own_token(worker: Any) -> None:
    account = Account.objects.get(pk=worker.account)

    def posted(**headers: str) -> Any:
        request = web.post("/api/v1/posts", headers=headers)
        request.user = account
        return request

    assert identify(posted()) == ANONYMOUS
    request = posted()
    token = get_token(request)
    secret = request.META["CSRF_COOKIE"]
    meant = posted(**{"X-CSRFToken": token})
    meant.COOKIES["csrftoken"] = secret
    assert identify(meant).account == worker.account
    reading = web.get("/api/v1/me")
    reading.user = account
    assert identify(reading).account == worker.account
