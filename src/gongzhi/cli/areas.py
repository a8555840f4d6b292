"""The command areas: load, import, export and locate areas."""

from __future__ import annotations

from typing import Any


def add_to(commands: Any) -> None:
    """Add the commands."""
