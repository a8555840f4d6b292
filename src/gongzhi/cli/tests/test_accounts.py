"""The command account: the first people of a real installation."""

from __future__ import annotations

import argparse

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.areas import queries as areas
from gongzhi.cli import accounts, district, ready
from gongzhi.organisations.errors import RoleUnknown
from gongzhi.organisations.models import Post
from gongzhi.people.models import Account

pytestmark = pytest.mark.django_db(transaction=True)


def chosen(username: str, role: str = "security_admin") -> argparse.Namespace:
    return argparse.Namespace(username=username, name="张伟", role=role, area=None)


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the database of the tests as it is."""
    monkeypatch.setattr(ready, "set_up", lambda: False)
    monkeypatch.setattr(ready, "require_current_tables", lambda: None)


def test_the_first_account_has_a_post_and_a_password_for_one_sign_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    district.load(district.folder_of("wuda"), dry_run=False)
    assert accounts.open_account(chosen("zhangwei")) == 0
    username, password = capsys.readouterr().out.split()
    assert Post.objects.get(account__username=username).area == areas.district().code
    browser = Client()
    data = {"login": username, "password": password}
    assert browser.post(reverse("account_login"), data).status_code == 302
    assert "password" in browser.get("/desk/", follow=True).redirect_chain[-1][0]


def test_without_a_district_the_mend_is_said() -> None:
    with pytest.raises(ready.NotReady, match="gongzhi district load"):
        accounts.open_account(chosen("zhangwei"))


def test_an_unknown_role_opens_no_account() -> None:
    district.load(district.folder_of("wuda"), dry_run=False)
    with pytest.raises(RoleUnknown):
        accounts.open_account(chosen("zhangwei", "nobody"))
    assert not Account.objects.exists()
