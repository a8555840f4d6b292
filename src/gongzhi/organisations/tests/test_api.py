"""Organisations and posts through the REST API, as a program with a token asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from gongzhi.kernel.actor import SYSTEM
from gongzhi.organisations import queries
from gongzhi.organisations.actions import NewOrganisation, establish_organisation
from gongzhi.organisations.tests.support import (
    COMMUNITY,
    DISTRICT,
    GRID,
    OTHER_STREET,
    STREET,
    give,
    person,
    small_district,
    staff,
)
from gongzhi.people.actions import issue_token

pytestmark = pytest.mark.django_db
API = "/api/v1"
JSON = "application/json"


@pytest.fixture(autouse=True)
def district() -> None:
    small_district()


def program(role: str, area: str, *scopes: str) -> Client:
    actor = staff("boss", role, area)
    raw = issue_token(actor=actor, name="test", scopes=scopes).raw
    return Client(headers={"Authorization": f"Bearer {raw}"})


def problem(answer: Any) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json"
    return dict(answer.json())


def test_one_asks_who_one_is() -> None:
    client = program("community_secretary", COMMUNITY, "organisations.see")
    me = client.get(f"{API}/me").json()
    assert me["name"] == "boss"
    assert me["scopes"] == ["organisations.see"]
    assert me["posts"][0]["role"] == "community_secretary"
    assert me["posts"][0]["powers"] == ["organisations.see"]
    assert Client().get(f"{API}/me").status_code in (302, 401)


def test_posts_are_given_handed_over_and_ended() -> None:
    client = program("community_secretary", COMMUNITY, "organisations.see", "posts.manage")
    first, second = person("first", GRID), person("second", GRID)
    body = {"account": first, "role": "grid_leader", "area": GRID}
    made = client.post(f"{API}/posts", body, JSON)
    assert made.status_code == 201
    assert made.json()["place"] == "一网格"
    again = client.post(f"{API}/posts", {**body, "account": second}, JSON)
    assert again.status_code == 409
    assert problem(again)["code"] == "role-taken"
    handed = client.post(f"{API}/posts/{made.json()['id']}/hand-over", {"to": second}, JSON)
    assert handed.status_code == 201
    listed = client.get(f"{API}/posts", {"role": "grid_leader"}).json()
    assert [post["account"] for post in listed["items"]] == [second]
    ended = client.post(f"{API}/posts/{handed.json()['id']}/end", {}, JSON)
    assert ended.status_code == 200
    assert queries.holders("grid_leader", GRID) == []


def test_scope_and_area_bound_what_a_program_may() -> None:
    client = program("community_secretary", COMMUNITY, "organisations.see")
    far = give(person("far", OTHER_STREET), "street_officer", OTHER_STREET)
    body = {"account": far, "role": "grid_worker", "area": GRID}
    assert client.post(f"{API}/posts", body, JSON).status_code == 403
    assert far not in [post["id"] for post in client.get(f"{API}/posts").json()["items"]]
    assert Client().get(f"{API}/posts").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"account": "x", "role": "grid_worker"},
        {"account": 1, "role": "grid_worker", "area": GRID, "extra": 1},
        {"account": 1, "role": "no_role", "area": GRID},
        {"account": 999999, "role": "grid_worker", "area": GRID},
        {"account": 1, "role": "grid_worker", "area": "12345"},
        {"account": 1, "role": "grid_worker"},
        {"account": 1, "role": "\x00", "area": GRID},
        {"account": 10**30, "role": "grid_worker", "area": GRID},
    ],
)
def test_bad_bodies_are_named_and_change_nothing(body: dict[str, Any]) -> None:
    client = program("community_secretary", COMMUNITY, "organisations.see", "posts.manage")
    answer = client.post(f"{API}/posts", body, JSON)
    assert 400 <= answer.status_code < 500
    problem(answer)
    assert len(client.get(f"{API}/posts").json()["items"]) == 1


@pytest.mark.parametrize(
    "query", ["cursor=zzz", "limit=0", "limit=x", "area=1", "role=%00", "cursor=WyJhIl0"]
)
def test_bad_queries_are_named(query: str) -> None:
    client = program("community_secretary", COMMUNITY, "organisations.see")
    answer = client.get(f"{API}/posts?{query}")
    assert answer.status_code == 422
    problem(answer)


@pytest.mark.requirement("000-02")
def test_the_tree_is_typed_through_the_api_too() -> None:
    client = program("system_admin", DISTRICT, "organisations.see", "organisations.manage")
    top = client.post(
        f"{API}/organisations",
        {"kind": "district_committee", "name": "甲区委", "area": DISTRICT},
        JSON,
    ).json()["id"]
    street = {"kind": "street_working_committee", "name": "大工委", "area": STREET, "parent": top}
    made = client.post(f"{API}/organisations", street, JSON).json()["id"]
    wrong = {"kind": "building_group", "name": "x", "area": f"{GRID}001", "parent": made}
    refused = client.post(f"{API}/organisations", wrong, JSON)
    assert refused.status_code == 422
    assert problem(refused)["errors"][0]["field"] == "parent"


def test_organisations_are_paged_by_cursor() -> None:
    client = program("system_admin", DISTRICT, "organisations.see", "organisations.manage")
    for number in range(5):
        new = NewOrganisation("department", f"局{number}", DISTRICT)
        establish_organisation(actor=SYSTEM, new=new)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query: dict[str, str | int] = {"limit": 2, "cursor": cursor}
        page = client.get(f"{API}/organisations", query).json()
        seen += [row["name"] for row in page["items"]]
        cursor = page["next"]
    assert seen == [f"局{number}" for number in range(5)]
    one = client.get(f"{API}/organisations").json()["items"][0]["id"]
    assert client.get(f"{API}/organisations/{one}").json()["name"] == "局0"
    ended = client.post(f"{API}/organisations/{one}/abolish", {}, JSON)
    assert ended.json()["valid_to"] is not None
    assert client.get(f"{API}/organisations/999999").status_code == 404
