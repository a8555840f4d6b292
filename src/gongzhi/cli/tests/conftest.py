"""What commands keep beside the database is kept in a place of each test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nothing that a test loads say whose rules hold for the next one."""
    monkeypatch.setattr(settings, "VAR", tmp_path)
