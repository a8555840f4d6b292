"""Signing in: by phone or user name, counted tries, second factor, idle time, no open redirect."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connection
from django.test import Client
from django.urls import reverse

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.people import actions
from gongzhi.people.models import Account
from gongzhi.people.tests.support import PASSWORD, acting, opened

LOGIN = "/accounts/login/"
PHONE = "13812340417"


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": login, "password": password, **more})


def resident(username: str = "resident") -> int:
    return opened(username, password=PASSWORD, personal={"phone": PHONE, "name": "李小明"})


def staff(username: str = "worker", **more: Any) -> int:
    return opened(username, password=PASSWORD, is_staff_member=True, **more)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(
    "login", ["resident", "RESIDENT", PHONE, "138 1234 0417", "+8613812340417"]
)
def test_one_signs_in_by_user_name_or_phone(login: str) -> None:
    account = resident()
    client = Client()
    answer = sign_in(client, login)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(account)
    fact = FactRecord.objects.get(kind="people.signed_in")
    assert fact.data == {"account": account}


@pytest.mark.django_db
def test_the_phone_typed_to_sign_in_stays_out_of_the_session() -> None:
    resident()
    client = Client()
    sign_in(client, PHONE)
    assert PHONE not in str(dict(client.session))


@pytest.mark.django_db
def test_an_unknown_login_and_a_wrong_password_read_the_same() -> None:
    resident()
    wrong = sign_in(Client(), "resident", "not-the-password").content.decode()
    unknown = sign_in(Client(), "nobody-here", "not-the-password").content.decode()
    words = "手机号、用户名或密码不对"
    assert words in wrong
    assert words in unknown
    assert FactRecord.objects.filter(kind="people.sign_in_refused").count() == 1


@pytest.mark.django_db
def test_a_closed_account_cannot_sign_in_and_open_sessions_end() -> None:
    account = resident()
    client = Client()
    sign_in(client, "resident")
    assert client.get(reverse("people:own")).status_code == 200
    actions.close_account(actor=acting(opened("boss"), "people.manage"), account=account)
    assert client.get(reverse("people:own")).status_code == 302
    again = Client()
    sign_in(again, "resident")
    assert not is_in(again)


@pytest.mark.django_db
def test_the_session_key_changes_with_signing_in() -> None:
    resident()
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["something"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = str(before)
    sign_in(client, "resident")
    assert client.session.session_key != before


@pytest.mark.django_db
def test_after_five_wrong_passwords_the_page_says_when_to_try_again() -> None:
    resident()
    client = Client()
    for _ in range(5):
        assert "密码不对" in sign_in(client, "resident", "wrong").content.decode()
    until = clock.local(clock.now() + timedelta(minutes=15))
    locked = sign_in(client, "resident").content.decode()
    assert "密码尝试次数过多，请在" in locked
    assert f"{until:%H:}" in locked
    assert not is_in(client)
    assert FactRecord.objects.filter(kind="people.sign_in_refused", data__locked=True).exists()
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    sign_in(elsewhere, "resident")
    assert is_in(elsewhere)
    with clock.travel_to(clock.now() + timedelta(minutes=16)):
        sign_in(client, "resident")
    assert is_in(client)


@pytest.mark.django_db
def test_writing_the_login_differently_does_not_start_a_new_count() -> None:
    resident()
    client = Client()
    for written in ("resident", "RESIDENT", " resident", "Ｒesident", "resident "):
        sign_in(client, written, "wrong")
    assert "次数过多" in sign_in(client, "resident").content.decode()


@pytest.mark.django_db
def test_one_address_cannot_try_many_names() -> None:
    for number in range(100):
        actions.count_sign_in_try(actor=SYSTEM, login=f"name{number}", address="10.0.0.1")
    refused = actions.count_sign_in_try(actor=SYSTEM, login="another", address="10.0.0.1")
    assert refused is not None
    assert actions.count_sign_in_try(actor=SYSTEM, login="a", address="10.0.0.2") is None


@pytest.mark.django_db(transaction=True)
def test_tries_that_arrive_together_are_all_counted() -> None:
    """Twelve tries at once: exactly five may look at the password.

    Counted by read-then-write instead of the one upsert (seen with `SELECT tries` followed by
    `UPDATE … SET tries = <read> + 1`), most of the twelve get through and this fails.
    """
    allowed: list[bool] = []
    gate = threading.Barrier(12)

    def attempt() -> None:
        gate.wait()
        try:
            until = actions.count_sign_in_try(actor=SYSTEM, login="resident", address="10.0.0.1")
            allowed.append(until is None)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(allowed) == [False] * 7 + [True] * 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_there_is_no_open_redirect(target: str) -> None:
    resident()
    client = Client()
    answer = sign_in(client, "resident", next=target)
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/"


@pytest.mark.django_db
def test_one_comes_back_to_the_page_one_asked_for() -> None:
    resident()
    client = Client()
    asked = client.get(reverse("people:own"))
    assert asked["Location"] == f"{LOGIN}?next=/desk/account/"
    assert sign_in(client, "resident", next="/desk/account/")["Location"] == "/desk/account/"


@pytest.mark.django_db
def test_staff_without_a_second_factor_get_no_further_than_setting_it_up() -> None:
    staff()
    client = Client()
    sign_in(client, "worker")
    assert is_in(client)
    for url in ("/desk/account/", "/desk/people/", "/"):
        assert client.get(url)["Location"] == reverse("mfa_activate_totp")
    refused = client.get("/api/v1/me")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def _set_up(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, page["Location"]
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    assert done.status_code == 302
    return str(secret)


@pytest.mark.django_db
def test_the_second_factor_is_set_up_then_asked_for_and_sealed() -> None:
    account = staff()
    client = Client()
    sign_in(client, "worker")
    secret = _set_up(client)
    assert client.get("/desk/account/").status_code == 200
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert FactRecord.objects.filter(kind="people.second_factor_set").count() == 1
    kept = Authenticator.objects.get(user_id=account, type="totp")
    assert secret not in str(kept.data)

    later = Client()
    answer = sign_in(later, "worker")
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(later)
    assert later.get("/desk/account/").status_code == 302
    assert (
        "口令不对" in later.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    )
    backup = Authenticator.objects.get(user_id=account, type="recovery_codes").wrap()
    later.post(reverse("mfa_authenticate"), {"code": backup.get_unused_codes()[0]})
    assert is_in(later)
    assert later.get("/desk/account/").status_code == 200


@pytest.mark.django_db
def test_staff_cannot_take_the_second_factor_away_but_security_can() -> None:
    account = staff()
    client = Client()
    sign_in(client, "worker")
    _set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user_id=account, type="totp").exists()
    security = acting(opened("guard"), "security.manage")
    actions.reset_second_factor(actor=security, account=account)
    assert not Authenticator.objects.filter(user_id=account).exists()


@pytest.mark.django_db
def test_one_time_codes_are_counted_too() -> None:
    staff()
    first = Client()
    sign_in(first, "worker")
    _set_up(first)
    client = Client()
    sign_in(client, "worker")
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert (
        "次数过多" in client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    )


@pytest.mark.django_db
def test_a_demonstration_lets_personas_in_and_says_so(settings: Any) -> None:
    staff("persona", is_demo=True)
    settings.GONGZHI_DEMO = True
    client = Client()
    page = client.get(LOGIN).content.decode()
    assert "演示人员登录不需要动态口令" in page
    assert "persona" in page
    sign_in(client, "persona")
    assert client.get("/desk/account/").status_code == 200
    settings.GONGZHI_DEMO = False
    assert client.get("/desk/account/")["Location"] == reverse("mfa_activate_totp")
    assert "persona" not in Client().get(LOGIN).content.decode()


@pytest.mark.django_db
def test_an_idle_session_ends_and_the_page_asked_for_comes_back(settings: Any) -> None:
    resident()
    client = Client()
    sign_in(client, "resident")
    client.get("/desk/account/")
    started = clock.now()
    for minutes in (20, 40, 60):
        with clock.travel_to(started + timedelta(minutes=minutes)):
            assert client.get("/desk/account/").status_code == 200
    with clock.travel_to(started + timedelta(minutes=60 + settings.GONGZHI_IDLE_MINUTES + 1)):
        answer = client.get("/desk/account/")
    assert answer["Location"] == f"{LOGIN}?next=/desk/account/"
    assert not is_in(client)


@pytest.mark.django_db
def test_a_password_set_by_security_must_be_changed_at_once() -> None:
    account = resident()
    security = acting(opened("guard"), "security.manage")
    actions.reset_password(actor=security, account=account, password="temporary-for-once")
    client = Client()
    sign_in(client, "resident", "temporary-for-once")
    assert client.get("/desk/account/")["Location"] == reverse("account_change_password")
    new = {"oldpassword": "temporary-for-once", "password1": "my-own-long-one"}
    changed = client.post(
        reverse("account_change_password"), {**new, "password2": "my-own-long-one"}
    )
    assert changed.status_code == 302
    assert client.get("/desk/account/").status_code == 200
    assert Account.objects.get(pk=account).check_password("my-own-long-one")
    own = FactRecord.objects.filter(kind="people.password_set", data__own=True)
    assert own.count() == 1


@pytest.mark.django_db
def test_changing_the_password_ends_the_other_sessions() -> None:
    resident()
    one, other = Client(), Client()
    sign_in(one, "resident")
    sign_in(other, "resident")
    new = {"oldpassword": PASSWORD, "password1": "my-own-long-one", "password2": "my-own-long-one"}
    one.post(reverse("account_change_password"), new)
    assert one.get("/desk/account/").status_code == 200
    assert other.get("/desk/account/").status_code == 302


@pytest.mark.django_db
def test_signing_in_needs_the_forms_own_token() -> None:
    resident()
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "resident").status_code == 403


@pytest.mark.django_db
def test_nobody_signs_up() -> None:
    assert Client().get("/accounts/signup/").status_code == 404
    assert Client().get("/accounts/password/reset/").status_code == 404
