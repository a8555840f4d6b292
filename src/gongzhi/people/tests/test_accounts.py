"""Opening, changing, closing accounts; tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput, NotAllowed
from gongzhi.people import actions, queries
from gongzhi.people.errors import PasswordRefused, TokenUnknown, UserNameTaken
from gongzhi.people.models import Account, ApiToken
from gongzhi.people.tests.support import GRID, OTHER_STREET, STREET, acting, opened

pytestmark = pytest.mark.django_db


def test_a_resident_shows_a_masked_name_and_staff_the_name_on_duty() -> None:
    opened("resident", personal={"name": "李小明"})
    opened("worker", display_name="周敏", is_staff_member=True, personal={"name": "周敏"})
    names = dict(Account.objects.values_list("username", "display_name"))
    assert names == {"resident": "李**", "worker": "周敏"}


@pytest.mark.parametrize("name", ["ab", "1st", "有名", "a b c", "x" * 61, "a;b'c"])
def test_user_names_are_plain(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        opened(name)
    assert refused.value.field == "username"


def test_a_user_name_is_taken_in_any_case_of_letters() -> None:
    opened("zhoumin")
    with pytest.raises(UserNameTaken):
        opened("ZhouMin")


@pytest.mark.parametrize("password", ["short", "1234567890", "zhoumin123", "password12"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefused):
        opened("zhoumin123", password=password)


def test_accounts_are_opened_only_in_ones_area() -> None:
    boss = acting(opened("boss"), "people.manage")
    new = actions.NewAccount("worker", OTHER_STREET)
    with pytest.raises(NotAllowed):
        actions.open_account(actor=boss, new=new)
    actions.open_account(actor=boss, new=actions.NewAccount("worker", GRID))
    worker = queries.account_by_username("worker")
    assert worker is not None
    with pytest.raises(NotAllowed):
        actions.change_account(actor=boss, account=worker, changes={"area": OTHER_STREET})
    actions.change_account(actor=boss, account=worker, changes={"area": STREET})
    assert FactRecord.objects.get(kind="people.account_changed").data["changed"] == ["area"]


def test_nobody_closes_his_own_account_nor_becomes_another() -> None:
    boss = acting(opened("boss"), "people.manage")
    with pytest.raises(NotAllowed):
        actions.close_account(actor=boss, account=boss.account or 0)
    worker = opened("worker")
    with pytest.raises(NotAllowed):
        actions.reset_password(actor=boss, account=worker, password="a-good-long-password")
    with pytest.raises(NotAllowed):
        actions.reset_second_factor(actor=boss, account=worker)


def test_a_token_is_kept_as_a_digest_and_ends() -> None:
    me = acting(opened("worker"), "matters.see", "matters.report")
    issued = actions.issue_token(actor=me, name="地图", scopes=["matters.see"], days=30)
    kept = ApiToken.objects.get()
    assert issued.raw.encode() not in bytes(kept.digest)
    assert issued.raw not in (kept.hint, kept.name)
    assert queries.token_digest(issued.raw) == bytes(kept.digest)
    assert queries.token_digest(f"{issued.raw}x") != bytes(kept.digest)
    (shown,) = queries.tokens_of(me.account or 0)
    assert shown.scopes == ("matters.see",)
    assert shown.is_live
    with clock.travel_to(clock.now() + timedelta(days=30)):
        assert not shown.is_live


def test_closing_the_account_ends_its_tokens_for_good() -> None:
    account = opened("worker")
    actions.issue_token(actor=acting(account, "matters.see"), name="地图", scopes=["matters.see"])
    boss = acting(opened("boss"), "people.manage")
    actions.close_account(actor=boss, account=account)
    assert not queries.tokens_of(account)[0].is_live
    actions.reopen_account(actor=boss, account=account)
    assert not queries.tokens_of(account)[0].is_live


def test_a_token_reaches_no_further_than_its_owner_and_makes_no_tokens() -> None:
    account = opened("worker")
    me = acting(account, "matters.see")
    for scopes in ([], ["people.reveal"], ["matters.see", "no.such"]):
        with pytest.raises(InvalidInput):
            actions.issue_token(actor=me, name="地图", scopes=scopes)
    by_token = Actor("person", account, "x", me.posts, frozenset({"matters.see"}))
    with pytest.raises(NotAllowed):
        actions.issue_token(actor=by_token, name="地图", scopes=["matters.see"])


def test_one_revokes_ones_own_tokens_only() -> None:
    me = acting(opened("worker"), "matters.see")
    issued = actions.issue_token(actor=me, name="地图", scopes=["matters.see"])
    other = acting(opened("other"), "matters.see")
    with pytest.raises(TokenUnknown):
        actions.revoke_token(actor=other, token=issued.id)
    actions.revoke_token(actor=me, token=issued.id)
    actions.revoke_token(actor=me, token=issued.id)
    assert FactRecord.objects.filter(kind="people.token_revoked").count() == 1


def test_pages_follow_one_another_without_gap_or_repeat() -> None:
    boss = acting(opened("boss"), "people.see")
    for number in range(7):
        opened(f"worker{number}", display_name="同名")
    seen, cursor = [], ""
    while True:
        page = queries.list_people(boss, cursor=cursor, size=3)
        seen += [row.username for row in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert sorted(seen) == sorted(["boss", *(f"worker{number}" for number in range(7))])
