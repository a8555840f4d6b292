"""Areas in forms are chosen from lists or typed; the area's page shows who holds what there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.areas.facts import AreasImported
from gongzhi.areas.models import District
from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import SYSTEM, Actor
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


@action
def _serve(*, actor: Actor) -> None:
    """Let the installation serve the small district, so that lists know where to begin."""
    District.objects.create(
        code=DISTRICT,
        folder="small",
        name="甲区",
        reference_prefix="JQ",
        longitude=120.0,
        latitude=32.0,
        level_names={},
        digest="",
        loaded_at=clock.now(),
    )
    emit(AreasImported(0, 0, 0), area=DISTRICT)


@pytest.fixture
def boss() -> Client:
    """Return the browser of a street's secretary, who manages people, posts, organisations."""
    small_district()
    _serve(actor=SYSTEM)
    account = person("boss", STREET)
    give(account, "street_secretary", STREET)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def test_a_post_is_given_at_an_area_chosen_from_lists(boss: Client) -> None:
    person("worker", COMMUNITY)
    new = reverse("organisations:new_post")
    page = boss.get(new).content.decode()
    assert 'name="area_typed"' in page
    data = {"account": "worker", "role": "community_worker"}
    assert boss.post(new, data | {"area": [STREET, COMMUNITY]}).status_code == 302
    assert Post.objects.get(role="community_worker").area == COMMUNITY


def test_what_was_typed_goes_before_the_lists_and_stays_when_refused(boss: Client) -> None:
    person("worker", COMMUNITY)
    new = reverse("organisations:new_post")
    data = {"account": "worker", "role": "community_worker", "area": [STREET]}
    refused = boss.post(new, data | {"area_typed": "没有这个社区"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert 'value="没有这个社区"' in page
    assert "没有找到这个区域" in page
    assert boss.post(new, data | {"area_typed": COMMUNITY}).status_code == 302


def test_an_area_opens_down_to_where_it_is(boss: Client) -> None:
    worker = person("worker", COMMUNITY)
    page = boss.get(reverse("people:change", args=[worker])).content.decode()
    assert f'<option value="{COMMUNITY}" selected>' in page
    assert "全区（甲区）" in page


def test_the_area_page_asks_for_the_posts_held_there(boss: Client) -> None:
    worker = person("worker", GRID)
    give(worker, "grid_worker", GRID)
    here = reverse("organisations:posts_at", args=[GRID])
    assert f'hx-get="{here}"' in boss.get(reverse("areas:area", args=[GRID])).content.decode()
    part = boss.get(here).content.decode()
    assert reverse("organisations:person", args=[worker]) in part
    above = boss.get(reverse("organisations:posts_at", args=[COMMUNITY])).content.decode()
    assert "还没有人在这里任职" in above


def test_posts_of_an_area_out_of_reach_are_not_told(boss: Client) -> None:
    give(person("worker", GRID), "grid_worker", GRID)
    elsewhere = person("elsewhere", OTHER_STREET)
    give(elsewhere, "street_secretary", OTHER_STREET)
    boss.force_login(Account.objects.get(pk=elsewhere))
    session = boss.session
    session["second_factor"] = True
    session.save()
    part = boss.get(reverse("organisations:posts_at", args=[GRID])).content.decode()
    assert "看不到" in part
    assert "desk/people/" not in part


def test_an_organisation_stands_in_a_chosen_area(boss: Client) -> None:
    data = {"kind": "property_company", "name": "和美物业", "area": [STREET, COMMUNITY]}
    assert boss.post(reverse("organisations:new"), data).status_code == 302
    assert Organisation.objects.get(name="和美物业").area == COMMUNITY
