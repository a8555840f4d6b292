"""Photos of reports that are still being written: files beside those kept, for a day at most."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings

from gongzhi.matters import pictures

LIFE: Final = 24 * 3600  # seconds


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "drafts"


def path_of(digest: str, *, thumbnail: bool = False) -> Path:
    """Return where a draft's photo (or its small form) lies."""
    return _folder() / (f"{digest}.small.jpg" if thumbnail else f"{digest}.jpg")


def keep(picture: pictures.Picture) -> None:
    """Put a photo beside the drafts; its day begins anew when another draft holds the same."""
    pictures.keep(picture, path_of)
    for thumbnail in (False, True):
        path_of(picture.digest, thumbnail=thumbnail).touch()


def still_kept(digests: Iterable[str]) -> list[str]:
    """Return those of the photos that are still there."""
    return [digest for digest in digests if path_of(digest).is_file()]


def contents(digests: Iterable[str]) -> tuple[bytes, ...]:
    """Return the bytes of those photos that are still there."""
    return tuple(path_of(digest).read_bytes() for digest in still_kept(digests))


def sweep(*, older_than: float = LIFE) -> int:
    """Delete the files of drafts that nobody came back to; return how many."""
    folder, before, gone = _folder(), time.time() - older_than, 0
    for file in folder.iterdir() if folder.is_dir() else ():
        try:
            if file.stat().st_mtime < before:
                file.unlink()
                gone += 1
        except FileNotFoundError:
            continue  # another worker was first
    return gone
