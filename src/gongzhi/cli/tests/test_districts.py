"""Every district that we ship can be checked, loaded, and loaded again without a change."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.conf import settings

from gongzhi.areas import queries as areas
from gongzhi.cli import demo, district
from gongzhi.config import environment
from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.kernel.codes import level_of
from gongzhi.matters.actions import NewMatter, report_matter
from gongzhi.procedures import queries as procedures

SHIPPED = sorted(path.parent.name for path in settings.DISTRICTS.glob("*/district.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_district_passes_the_check(name: str) -> None:
    problems, procedures, scenarios = district.problems_of(district.folder_of(name))
    assert problems == []
    assert procedures >= 4
    assert scenarios > procedures


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_district_loads_and_loads_again(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    folder: Path = district.folder_of(name)
    planned = district.load(folder, dry_run=True)
    assert planned
    assert environment.served_district(tmp_path) == ""
    assert district.load(folder, dry_run=False)
    assert district.load(folder, dry_run=False) == []
    assert environment.served_district(tmp_path) == name, "its own rules hold from the next start"


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_serves_a_whole_city_has_its_demonstration_and_takes_words_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "_ROUNDS", 0)  # the people are what differs
    monkeypatch.setattr(settings, "VAR", tmp_path)
    city = next(name for name in SHIPPED if _served(name) == "city")
    district.load(district.folder_of(city), dry_run=False)
    personas = demo.build_demo(progress=lambda done, total: None)
    assert all(one.post for one in personas)
    told = report_matter(actor=ANONYMOUS, report=NewMatter(words="公园门口的路灯坏了"))
    state = procedures.case_state(told.case)
    assert state.area == areas.district().code
    assert state.holdings[0].owner == f"district_clerk@{state.area}"


def _served(name: str) -> str:
    """Return the level of what a shipped folder serves."""
    found = yaml.safe_load((settings.DISTRICTS / name / "district.yaml").read_text("utf-8"))
    return str(level_of(str(found["codes"][0])))
