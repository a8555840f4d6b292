"""Pages of people, posts and organisations as a browser asks for them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.held import forget_all
from gongzhi.organisations import queries
from gongzhi.organisations.actions import NewOrganisation, establish_organisation
from gongzhi.organisations.models import Organisation, Post
from gongzhi.organisations.tests.support import (
    COMMUNITY,
    DISTRICT,
    GRID,
    OTHER_STREET,
    STREET,
    give,
    person,
    small_district,
)
from gongzhi.people.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district() -> None:
    small_district()


def signed_in(role: str, area: str, username: str = "boss") -> Client:
    account = person(username, area)
    give(account, role, area)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def test_every_page_of_the_desk_opens() -> None:
    client = signed_in("street_secretary", STREET)
    worker = person("worker", GRID, personal={"name": "李小明", "phone": "13812340417"})
    post = give(worker, "grid_worker", GRID)
    for url in (
        reverse("people:list"),
        reverse("people:new"),
        reverse("people:change", args=[worker]),
        reverse("people:data", args=[worker]),
        reverse("people:reveal", args=[worker]),
        reverse("people:own"),
        reverse("people:own_data"),
        reverse("people:new_token"),
        reverse("organisations:person", args=[worker]),
        reverse("organisations:list"),
        reverse("organisations:new"),
        reverse("organisations:posts"),
        reverse("organisations:new_post"),
        reverse("organisations:end_post", args=[post]),
        reverse("organisations:hand_over", args=[post]),
        reverse("organisations:deputise", args=[post]),
    ):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert b"13812340417" not in answer.content
        assert "李小明" not in answer.content.decode()


def test_people_are_found_by_phone_and_shown_masked() -> None:
    client = signed_in("community_secretary", COMMUNITY)
    person("worker", GRID, personal={"name": "李小明", "phone": "13812340417"})
    page = client.get(reverse("people:list"), {"q": "138 1234 0417"}).content.decode()
    assert "worker" in page
    assert "138****0417" in page
    assert "没有找到" in client.get(reverse("people:list"), {"q": "13812340418"}).content.decode()


def test_people_of_another_street_are_not_found_nor_opened() -> None:
    client = signed_in("street_secretary", STREET)
    other = person("faraway", OTHER_STREET, personal={"phone": "13812340417"})
    assert "faraway" not in client.get(reverse("people:list")).content.decode()
    found = client.get(reverse("people:list"), {"q": "13812340417"}).content.decode()
    assert "faraway" not in found
    for name in ("organisations:person", "people:change", "people:reveal", "people:data"):
        assert client.get(reverse(name, args=[other])).status_code == 404
    assert client.post(reverse("people:close", args=[other])).status_code == 404
    assert Account.objects.get(pk=other).is_active


def test_registering_a_person_and_giving_a_post() -> None:
    client = signed_in("community_secretary", COMMUNITY)
    data = {
        "username": "ZhouMin",
        "display_name": "周敏",
        "area": "一网格",
        "is_staff_member": "on",
        "password": "a-good-long-one",
        "phone": "138-1234-0417",
    }
    answer = client.post(reverse("people:new"), data)
    account = Account.objects.get(username="zhoumin")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("organisations:person", args=[account.pk])
    post = {"account": "zhoumin", "role": "grid_worker", "area": GRID}
    assert client.post(reverse("organisations:new_post"), post).status_code == 302
    assert [held.name for held in queries.holders("grid_worker", GRID)] == ["周敏"]


def test_a_form_names_field_and_mend_and_keeps_what_was_typed() -> None:
    client = signed_in("community_secretary", COMMUNITY)
    data = {"username": "zhou", "area": GRID, "password": "a-good-long-one", "phone": "12"}
    answer = client.post(reverse("people:new"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "手机号不正确" in page
    assert "11 位手机号" in page
    assert 'value="zhou"' in page
    assert not Account.objects.filter(username="zhou").exists()


def test_a_reveal_needs_a_reason_and_shows_the_data_once() -> None:
    client = signed_in("community_secretary", COMMUNITY)
    worker = person("worker", GRID, personal={"phone": "13812340417"})
    url = reverse("people:reveal", args=[worker])
    assert client.post(url, {"fields_wanted": ["phone"]}).status_code == 422
    answer = client.post(url, {"fields_wanted": ["phone"], "reason": "contact"})
    assert "13812340417" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "联系本人" in client.get(reverse("organisations:person", args=[worker])).content.decode()


def test_ending_and_handing_over_on_pages() -> None:
    client = signed_in("community_secretary", COMMUNITY)
    first, second = person("first", GRID), person("second", GRID)
    post = give(first, "grid_leader", GRID)
    url = reverse("organisations:hand_over", args=[post])
    assert client.post(url, {"to": "second"}).status_code == 302
    assert queries.holders("grid_leader", GRID)[0].account == second
    running = Post.objects.get(account=second)
    assert client.post(reverse("organisations:end_post", args=[running.pk]), {}).status_code == 302
    assert queries.holders("grid_leader", GRID) == []


def test_organisations_are_founded_changed_and_abolished_on_pages() -> None:
    client = signed_in("system_admin", DISTRICT)
    made = client.post(
        reverse("organisations:new"),
        {"kind": "district_committee", "name": "甲区委", "area": DISTRICT},
    )
    assert made.status_code == 302
    top = Organisation.objects.get(name="甲区委")
    wrong = {"kind": "building_group", "name": "一号楼党小组", "area": STREET, "parent": top.pk}
    refused = client.post(reverse("organisations:new"), wrong)
    assert refused.status_code == 422
    assert "网格党支部" in refused.content.decode()
    page = reverse("organisations:organisation", args=[top.pk])
    changed = client.post(
        reverse("organisations:change", args=[top.pk]), {"name": "中共甲区委", "parent": ""}
    )
    assert changed.status_code == 302
    assert "中共甲区委" in client.get(page).content.decode()
    assert client.post(reverse("organisations:abolish", args=[top.pk]), {}).status_code == 302
    assert "已撤销" in client.get(reverse("organisations:list"), {"all": "1"}).content.decode()


def test_the_auditor_reads_the_log_of_the_district() -> None:
    client = signed_in("auditor", DISTRICT)
    worker = person("worker", GRID)
    page = client.get(reverse("organisations:audit"), {"kind": "people.account_opened"})
    assert str(worker) in page.content.decode()
    assert client.get(reverse("people:new")).status_code == 403


def test_an_api_token_is_shown_once_and_can_be_revoked() -> None:
    client = signed_in("community_secretary", COMMUNITY)
    data = {"name": "网格地图", "days": 30, "scopes": ["matters.see"]}
    shown = client.post(reverse("people:new_token"), data).content.decode()
    raw = shown.split("<code>gz_")[1].split("<")[0]
    actor = queries.actor_for_token(f"gz_{raw}")
    assert actor is not None
    assert actor.may("matters.see", area=GRID)
    assert not actor.has("matters.report")
    assert raw not in client.get(reverse("people:own")).content.decode()
    token = Account.objects.get(username="boss").tokens.get()
    client.post(reverse("people:revoke_token", args=[token.pk]))
    assert queries.actor_for_token(f"gz_{raw}") is None


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_statements_for_any_number_of_rows(
    rows: int, django_assert_num_queries: Any
) -> None:
    boss = person("boss", STREET)
    give(boss, "street_secretary", STREET)
    for number in range(rows):
        worker = person(f"worker{number}", GRID, personal={"phone": f"1381234000{number}"})
        give(worker, "grid_worker", GRID)
        new = NewOrganisation("unit", f"单位{number}", STREET)
        establish_organisation(actor=SYSTEM, new=new)
    actor = queries.actor_for(boss)
    from gongzhi.people import queries as people

    with django_assert_num_queries(3):
        assert len(people.list_people(actor).items) == rows + 1
    forget_all()
    with django_assert_num_queries(3):
        assert len(queries.list_posts(actor).items) == rows + 1
    forget_all()
    with django_assert_num_queries(4):
        assert len(queries.list_organisations(actor).items) == rows
    with django_assert_num_queries(1):
        queries.holders_of([("grid_worker", GRID), ("street_secretary", STREET)])
    with django_assert_num_queries(1):
        queries.actor_for(boss)
    with django_assert_num_queries(1):
        assert queries.nearest_holder_area("street_secretary", GRID) == STREET


@pytest.mark.parametrize(
    "words", ["\x00", "%", "\ud800".encode("utf-8", "surrogatepass"), "x" * 9000]
)
def test_odd_words_in_the_address_are_no_fault_of_the_server(words: Any) -> None:
    client = signed_in("district_clerk", DISTRICT)
    for name, key in (
        ("people:list", "q"),
        ("organisations:list", "words"),
        ("organisations:list", "kind"),
        ("organisations:posts", "role"),
    ):
        assert client.get(reverse(name), {key: words}).status_code == 200
    for name in ("people:list", "organisations:list", "organisations:posts"):
        for cursor in ("zzz", "WyJhIl0", "WzFd", "WzEsMl0"):
            assert client.get(reverse(name), {"cursor": cursor}).status_code in (200, 422)
    assert client.get(reverse("organisations:posts"), {"area": "12345"}).status_code == 422
