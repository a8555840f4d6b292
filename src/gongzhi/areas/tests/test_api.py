"""The REST operations of areas."""

from __future__ import annotations

import pytest
from django.test import Client

from gongzhi.areas import actions
from gongzhi.areas.tests.support import DAY, DISTRICT, DISTRICTS, HOME, STREET
from gongzhi.kernel import paging
from gongzhi.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/areas"


def test_areas_are_listed_page_by_page(tree: None, client: Client) -> None:
    query: dict[str, str | int] = {"within": STREET, "level": "grid", "limit": 3}
    first = client.get(ROOT, query).json()
    assert [a["code"] for a in first["items"]] == [HOME + f"00{n}" for n in (1, 2, 3)]
    rest = client.get(ROOT, {**query, "cursor": first["next"]}).json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None


def test_one_area_as_it_was_and_is(tree: None, client: Client) -> None:
    change = actions.Change(DAY, "更名")
    actions.rename_area(actor=SYSTEM, code=HOME, name="新名", change=change)
    now = client.get(f"{ROOT}/{HOME}").json()
    assert (now["name"], now["path"]) == ("新名", "甲区 › 一街道 › 新名")
    assert now["history"][0]["kind"] == "rename"
    assert "households" not in now
    assert client.get(f"{ROOT}/{HOME}", {"on": "2023-01-01"}).json()["name"] == "一社区"


def test_children_and_points(client: Client) -> None:
    actions.load_district_areas(actor=SYSTEM, directory=DISTRICTS / "wuda")
    found = client.get(f"{ROOT}/150304002001/children").json()
    assert found[0]["level_name"] == "红色单元"
    here = client.get(f"{ROOT}/locate", {"lon": "106.726", "lat": "39.505"}).json()
    assert len(here["code"]) == 15
    assert here["path"].startswith("乌达区 › ")
    assert client.get(f"{ROOT}/locate", {"lon": "100", "lat": "39.5"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/990199", {}, 404),
        ("/abc", {}, 404),
        ("/abc/children", {}, 422),
        ("", {"level": "village"}, 422),
        ("", {"within": "1"}, 422),
        ("", {"cursor": "!!"}, 422),
        ("", {"cursor": paging.encode(7)}, 422),
        ("", {"cursor": paging.encode(None)}, 422),
        ("", {"cursor": paging.encode("2026-01-01", 7)}, 422),
        ("", {"limit": 0}, 422),
        ("", {"limit": 100000}, 422),
        ("/locate", {"lon": 200, "lat": 0}, 422),
        ("/locate", {"lon": "x", "lat": 0}, 422),
        ("/locate", {"lon": 1, "lat": 1, "system": "mars"}, 422),
        (f"/{DISTRICT}", {"on": "yesterday"}, 422),
    ],
)
def test_bad_questions_get_clear_problems(
    tree: None, client: Client, path: str, query: dict[str, str | int], status: int
) -> None:
    answer = client.get(ROOT + path, query)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
