"""Settings as a fresh process reads them: what browsers are told depends on the origin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

_SHOW = """
import json, django
from django.conf import settings
django.setup()
print(json.dumps({name: getattr(settings, name) for name in %r}, default=str))
"""


def _read(tmp_path: Path, names: list[str], **environment: str) -> dict[str, Any]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GONGZHI_", "DATABASE_"))}
    answer = subprocess.run(
        [sys.executable, "-c", _SHOW % (names,)],
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "gongzhi.config.settings",
            "GONGZHI_VAR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    read: dict[str, Any] = json.loads(answer.stdout)
    return read


def test_cookies_are_secure_where_the_origin_is(tmp_path: Path) -> None:
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS"]
    plain = _read(tmp_path, names)
    secure = _read(tmp_path, names, GONGZHI_ORIGIN="https://gz.example.cn")
    assert plain["SESSION_COOKIE_SECURE"] is False
    assert secure["SESSION_COOKIE_SECURE"] is secure["CSRF_COOKIE_SECURE"] is True
    assert secure["SECURE_HSTS_SECONDS"] > 0
    assert "gz.example.cn" in secure["ALLOWED_HOSTS"]
    assert "*" not in secure["ALLOWED_HOSTS"]


def test_another_database_replaces_the_embedded_one(tmp_path: Path) -> None:
    read = _read(
        tmp_path,
        ["DATABASE_EMBEDDED", "DATABASES"],
        DATABASE_URL="postgresql://u:p@db.example/gz",
    )
    assert read["DATABASE_EMBEDDED"] is False
    assert read["DATABASES"]["default"]["HOST"] == "db.example"


def test_transactions_start_in_actions_alone() -> None:
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False
    assert settings.DEBUG is False


def test_the_policy_allows_no_inline_code() -> None:
    for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items():
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & set(sources), name


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_djangos_own_checks_pass() -> None:
    from django.core.management import call_command

    call_command("check", fail_level="WARNING")
