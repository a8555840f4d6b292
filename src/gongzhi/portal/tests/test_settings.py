"""What can be managed stands under settings, shown by power; choices of the header stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.organisations.tests.support import DISTRICT, GRID, STREET
from gongzhi.people.models import Account
from gongzhi.portal import calendars, catalogue
from gongzhi.portal.tests.test_desk import district, signed_in

__all__ = ["district"]
pytestmark = pytest.mark.django_db
COMPONENTS = Path(catalogue.__file__).parent / "templates" / "components"


def _settings(role: str, area: str) -> str:
    return signed_in(role, area, role).get(reverse("portal:settings")).content.decode()


def test_settings_show_what_ones_posts_may_manage() -> None:
    admin = _settings("system_admin", DISTRICT)
    main = admin[admin.index("<main") :]
    for name in ("portal:components", "portal:categories", "portal:calendar", "areas:list"):
        assert f'href="{reverse(name)}"' in main
    assert reverse("organisations:audit") not in main
    worker = _settings("grid_worker", GRID)
    main = worker[worker.index("<main") :]
    assert re.findall(r'class="doors".*?href="([^"]+)"', main) == [reverse("people:own")]


def test_the_menu_leads_to_settings() -> None:
    page = signed_in("grid_worker", GRID).get("/desk/search/").content.decode()
    assert f'href="{reverse("portal:settings")}"' in page


@pytest.mark.parametrize("name", ["components", "categories", "calendar"])
def test_pages_of_the_system_are_for_its_administrators(name: str) -> None:
    address = reverse(f"portal:{name}")
    assert signed_in("system_admin", DISTRICT, "admin").get(address).status_code == 200
    assert signed_in("street_secretary", STREET).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_every_component_is_shown() -> None:
    client = signed_in("system_admin", DISTRICT)
    for width in ("", "phone"):
        page = client.get(reverse("portal:components"), {"width": width}).content.decode()
        shown = set(re.findall(r'id="c-([a-z_]+)"', page))
        assert shown == {file.stem for file in COMPONENTS.glob("*.html")}
        assert " style=" not in page
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert {one for one in ids if ids.count(one) > 1} == set()


@pytest.mark.parametrize("year", ["2025", "2026", "2099", "0000", "9999", "x", "٢٠٢٦", ""])
def test_the_calendar_opens_at_any_year(year: str) -> None:
    client = signed_in("system_admin", DISTRICT)
    assert client.get(reverse("portal:calendar"), {"year": year}).status_code == 200


def test_a_year_is_told_by_its_holidays_and_worked_weekends() -> None:
    told = calendars.year_of(2025)
    assert told.known
    assert told.workdays == 248
    national = next(span for span in told.spans if span.first.isoformat() == "2025-10-01")
    assert (national.days, national.worked) == (8, False)
    assert any(s.worked and s.first.isoformat() == "2025-09-28" for s in told.spans)
    assert not calendars.year_of(2099).known


@pytest.mark.parametrize("wanted", ["1", "0"])
def test_large_print_chosen_in_the_header_stays_with_the_account(wanted: str) -> None:
    client = signed_in("grid_worker", GRID)
    account = Account.objects.get(username="boss")
    client.post(reverse("portal:large_print"), {"on": wanted, "next": "/desk/"})
    account.refresh_from_db()
    assert account.large_print is (wanted == "1")
    assert account.language == "zh-hans"


def test_the_language_chosen_in_the_header_stays_with_the_account() -> None:
    client = signed_in("grid_worker", GRID)
    client.post(reverse("portal:large_print"), {"on": "1"})
    client.post(reverse("portal:language"), {"language": "en"})
    client.post(reverse("portal:language"), {"language": "xx"})
    account = Account.objects.get(username="boss")
    assert (account.language, account.large_print) == ("en", True)
