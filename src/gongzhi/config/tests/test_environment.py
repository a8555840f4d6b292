"""What is read from the environment is checked, and trouble names variable and mend."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from gongzhi.config import environment
from gongzhi.config.environment import BadEnvironment


def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGZHI_X", "On")
    assert environment.flag("GONGZHI_X")
    monkeypatch.setenv("GONGZHI_X", "")
    assert environment.flag("GONGZHI_X", default=True)
    monkeypatch.setenv("GONGZHI_X", "maybe")
    with pytest.raises(BadEnvironment, match="GONGZHI_X"):
        environment.flag("GONGZHI_X")


@pytest.mark.parametrize("given", ["0", "65", "-1", "vier", "٣", "1.5"])
def test_a_number_stays_within_its_bounds(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("GONGZHI_THREADS", given)
    with pytest.raises(BadEnvironment, match="1 到 64"):
        environment.number("GONGZHI_THREADS", 4, 1, 64)


def test_a_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://gz:p%40ss@db.example:6432/gong")
    address = environment.database_address(tmp_path)
    assert (address.user, address.password, address.host) == ("gz", "p@ss", "db.example")
    assert (address.port, address.name, address.embedded) == ("6432", "gong", False)


@pytest.mark.parametrize("given", ["mysql://a/b", "postgresql://host", "nonsense"])
def test_another_database_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    with pytest.raises(BadEnvironment, match="DATABASE_URL"):
        environment.database_address(tmp_path)


def test_keys_are_made_once_for_the_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GONGZHI_KEYS", raising=False)
    first = environment.keys(tmp_path / "keys")
    assert environment.keys(tmp_path / "keys") == first
    assert len(first.data[first.current]) == len(first.index) == 32
    mode = (tmp_path / "keys" / "keys.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_broken_keys_are_never_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """New keys would make everything sealed with the old ones unreadable for good."""
    monkeypatch.delenv("GONGZHI_KEYS", raising=False)
    environment.keys(tmp_path)
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"signing": "x"}))
    with pytest.raises(BadEnvironment, match=r"keys\.json"):
        environment.keys(tmp_path)
    assert json.loads(file.read_text()) == {"signing": "x"}


def test_named_keys_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GONGZHI_KEYS", str(tmp_path / "mounted.json"))
    with pytest.raises(BadEnvironment, match=r"mounted\.json"):
        environment.keys(tmp_path)


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://me:p%40ss@mail.example", "mail.example", 587, "starttls"),
        ("smtps://me:p%40ss@mail.example:4650", "mail.example", 4650, "ssl"),
        ("smtp+plain://127.0.0.1", "127.0.0.1", 25, "none"),
    ],
)
def test_a_mail_server_is_taken_apart(
    monkeypatch: pytest.MonkeyPatch, url: str, host: str, port: int, tls: str
) -> None:
    monkeypatch.setenv("GONGZHI_EMAIL_URL", url)
    found = environment.mail_server()
    assert found is not None
    assert (found.host, found.port, found.tls) == (host, port, tls)
    assert (found.user, found.password) in (("me", "p@ss"), ("", ""))


def test_without_a_mail_server_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGZHI_EMAIL_URL", raising=False)
    assert environment.mail_server() is None


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://h:x"])
def test_another_way_of_mailing_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("GONGZHI_EMAIL_URL", url)
    with pytest.raises(BadEnvironment, match="GONGZHI_EMAIL_URL"):
        environment.mail_server()
