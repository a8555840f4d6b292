"""What the desk's shell, search and map show to whom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from gongzhi.areas.models import District
from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
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
from gongzhi.portal import memory

pytestmark = pytest.mark.django_db


@action
def _serve_district(*, actor: Actor) -> None:
    District.objects.create(
        code=DISTRICT,
        folder="small",
        name="甲区",
        reference_prefix="JA",
        longitude=120.0,
        latitude=32.0,
        level_names={},
        digest="",
        loaded_at=clock.now(),
    )


@pytest.fixture(autouse=True)
def district() -> Iterator[None]:
    small_district()
    _serve_district(actor=SYSTEM)
    memory.forget()
    yield
    memory.forget()


def signed_in(role: str, area: str, username: str = "boss") -> Client:
    account = person(username, area)
    give(account, role, area)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def test_the_menu_holds_only_what_the_posts_allow() -> None:
    worker = signed_in("grid_worker", GRID).get("/desk/search/").content.decode()
    assert 'href="/desk/map/"' in worker
    assert 'href="/desk/audit/"' not in worker
    assert 'href="/desk/posts/"' not in worker
    secretary = signed_in("street_secretary", STREET, "chief").get("/desk/search/").content.decode()
    assert 'href="/desk/people/"' in secretary


def test_the_desk_says_under_which_posts_one_works() -> None:
    page = signed_in("community_secretary", COMMUNITY).get("/desk/search/").content.decode()
    assert page.count('class="menu-note"') == 1
    assert 'class="desk-posts"' in page


def test_search_finds_areas_by_name_and_nothing_for_strangers() -> None:
    client = signed_in("street_secretary", STREET)
    answer = client.get("/desk/search/", {"q": "社区"})
    assert answer.status_code == 200
    assert f"/desk/areas/{COMMUNITY}/" in answer.content.decode()
    stranger = Client().get("/desk/search/", {"q": "社区"})
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "words", ["", "  ", "\x00", "%_\\", "CC-2611-04827-3", "CC-2611-04827-4", "<b>", "字" * 500]
)
def test_search_bears_any_words(words: str) -> None:
    client = signed_in("street_secretary", STREET)
    assert client.get("/desk/search/", {"q": words}).status_code == 200


def test_the_map_opens_at_the_readers_own_area() -> None:
    page = signed_in("community_secretary", COMMUNITY).get("/desk/map/").content.decode()
    assert f"within={COMMUNITY}&amp;level=grid" in page
    assert f'data-map-code="{GRID}"' in page


@pytest.mark.parametrize("wanted", [OTHER_STREET, DISTRICT, "99", "x", "3206' --", ""])
def test_the_map_never_opens_outside_the_scope(wanted: str) -> None:
    page = signed_in("street_secretary", STREET).get("/desk/map/", {"area": wanted})
    assert page.status_code == 200
    assert f"within={STREET}&amp;" in page.content.decode()


def test_the_area_chooser_opens_one_level_at_a_time() -> None:
    client = Client()
    first = client.get("/areas/choices/", {"name": "area"}).content.decode()
    assert first.count("<select") == 1
    assert f'value="{STREET}"' in first
    second = client.get("/areas/choices/", {"name": "area", "code": STREET}).content.decode()
    assert second.count("<select") == 2
    # The empty option of a deeper select stands for the area above it: the last value sent is
    # always the deepest area chosen, also without scripts.
    assert f'<option value="{STREET}">请选择' in second
    whole = client.get("/areas/choices/", {"name": "area", "code": GRID}).content.decode()
    assert whole.count("<select") == 3
    assert f'<option value="{GRID}" selected>' in whole


def test_a_page_of_the_desk_takes_few_statements(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    client = signed_in("street_secretary", STREET)
    client.get("/desk/search/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/desk/search/")
