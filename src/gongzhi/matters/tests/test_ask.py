"""The column 我帮你: what a neighbour asks for enters the same pool, its way in remembered."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gongzhi.matters import queries
from gongzhi.matters.models import Matter
from gongzhi.matters.queries import Filters
from gongzhi.matters.tests.support import GRID, report
from gongzhi.matters.tests.test_pages_matters import text, visitor
from gongzhi.procedures.tests.support import World


@pytest.mark.requirement("003-19")
def test_what_is_asked_for_enters_the_same_pool(world: World) -> None:
    report()
    client = visitor()
    assert "我帮你" in text(client.get(reverse("matters:ask")))
    begun = client.post(reverse("matters:ask"))
    assert begun.url == reverse("matters:report")
    assert "要帮什么忙" in text(client.get(begun.url))
    client.post(begun.url, {"words": "灯泡换不了，家里就一个老人"})
    area = {"area": ["320602001", "320602001001", GRID]}
    client.post(reverse("matters:report_where"), area)
    client.post(reverse("matters:report_contact"), {"name": "王奶奶"})
    asked = Matter.objects.latest("pk")
    assert (asked.channel, asked.case.stage) == ("help", "grid")
    worker = world.staff["grid_worker"]
    assert {row.channel for row in queries.list_matters(worker).items} == {"web", "help"}
    only = queries.list_matters(worker, Filters(channel="help")).items
    assert [row.reference for row in only] == [asked.case.reference]


def test_the_next_report_is_a_report_again(world: World) -> None:
    client = visitor()
    client.post(reverse("matters:ask"))
    client.post(reverse("matters:report"), {"words": "灯泡换不了"})
    client.post(reverse("matters:report_where"), {"skip": "1"})
    client.post(reverse("matters:report_contact"), {})
    client.post(reverse("matters:report"), {"words": "路上有坑"})
    client.post(reverse("matters:report_where"), {"skip": "1"})
    client.post(reverse("matters:report_contact"), {})
    assert list(Matter.objects.order_by("pk").values_list("channel", flat=True)) == ["help", "web"]
