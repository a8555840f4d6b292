"""Lists that somebody keeps under a name: a tab of his own, written over, let go, nobody else's."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

from gongzhi.matters import queries
from gongzhi.matters.tests.support import report
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.procedures.tests.support import World

SAVE = "/desk/matters/saved/"


def test_a_narrowed_list_becomes_a_tab_that_leads_back_to_it(world: World) -> None:
    report(category="parking")
    report(category="noise-life", words="广场舞声音太大")
    client = desk(world, "community_secretary")
    client.post(SAVE, {"name": " 停车 ", "status": "open", "category": "parking"})
    page = text(client.get(reverse("matters:list")))
    assert ">停车</a>" in page
    (kept,) = queries.saved_lists(world.staff["community_secretary"])
    assert parse_qs(kept.query) == {"status": ["open"], "category": ["parking"]}
    shown = text(client.get(f"{reverse('matters:list')}?{kept.query}"))
    assert "删去视图“停车”" in shown
    assert "广场舞" not in shown
    assert queries.saved_lists(world.staff["street_officer"]) == []
    assert ">停车</a>" not in text(desk(world, "street_officer").get(reverse("matters:list")))


def test_the_same_name_is_written_over_and_can_be_dropped(world: World) -> None:
    client, who = desk(world, "community_secretary"), world.staff["community_secretary"]
    for category in ("parking", "noise"):
        client.post(SAVE, {"name": "我的", "category": category})
    (kept,) = queries.saved_lists(who)
    assert "category=noise" in kept.query
    client.post(SAVE, {"drop": "我的"})
    assert queries.saved_lists(who) == []


def test_what_cannot_be_kept_is_told_and_the_list_stays(world: World) -> None:
    client, who = desk(world, "community_secretary"), world.staff["community_secretary"]
    answer = client.post(SAVE, {"name": "", "category": "parking"})
    assert parse_qs(urlsplit(answer.url).query)["category"] == ["parking"]
    assert "请给这个视图起个名字" in text(client.get(answer.url))
    for number in range(13):
        client.post(SAVE, {"name": f"视图{number}", "category": "parking"})
    assert len(queries.saved_lists(who)) == 12
