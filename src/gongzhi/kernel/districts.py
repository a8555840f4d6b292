"""Files of rules: the one that ships with the system, and the district's own beside it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

SHIPPED = Path(__file__).resolve().parent.parent / "districts" / "_base"


def files_of(name: str) -> list[Path]:
    """Return the files of this name that exist: the shipped one, then the district's own."""
    files = [SHIPPED / name]
    if settings.DISTRICT:
        files.append(Path(settings.DISTRICTS) / settings.DISTRICT / name)
    return [file for file in files if file.is_file()]
