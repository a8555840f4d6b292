"""Every district that we ship can be checked, loaded, and loaded again without a change."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from gongzhi.cli import district

SHIPPED = sorted(path.parent.name for path in settings.DISTRICTS.glob("*/district.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_district_passes_the_check(name: str) -> None:
    problems, procedures, scenarios = district.problems_of(district.folder_of(name))
    assert problems == []
    assert procedures >= 4
    assert scenarios > procedures


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_district_loads_and_loads_again(name: str) -> None:
    folder: Path = district.folder_of(name)
    planned = district.load(folder, dry_run=True)
    assert planned
    assert district.load(folder, dry_run=False)
    assert district.load(folder, dry_run=False) == []
