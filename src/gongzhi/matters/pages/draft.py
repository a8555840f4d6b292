"""A report on its way through three pages: kept in the session, its photos beside it."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gongzhi.matters import pictures
from gongzhi.matters.actions import NewMatter

_KEY = "report"
_SENT = "report_sent"
_DAY = 24 * 3600  # seconds


@dataclass(slots=True)
class Draft:
    """What the pages before have asked. Name and phone are never kept here."""

    key: str = ""
    words: str = ""
    category: str = ""
    photos: list[str] = field(default_factory=list)
    area: str = ""
    lon: float | None = None
    lat: float | None = None
    place_text: str = ""
    placed: bool = False

    def as_report(self, name: str, phone: str) -> NewMatter:
        """Return the whole report."""
        return NewMatter(
            words=self.words,
            category=self.category,
            area=self.area,
            lon=self.lon,
            lat=self.lat,
            place_text=self.place_text,
            name=name,
            phone=phone,
            submit_key=self.key,
            anonymous=not (name or phone),
            photos=tuple(_bytes_of(self.photos)),
        )


def read(request: HttpRequest) -> Draft:
    """Return the draft of this visitor; an empty one with a fresh key when there is none."""
    kept: dict[str, Any] = request.session.get(_KEY, {})
    known = {f.name for f in fields(Draft)}
    draft = Draft(**{name: value for name, value in kept.items() if name in known})
    draft.key = draft.key or secrets.token_hex(32)
    return draft


def write(request: HttpRequest, draft: Draft) -> None:
    """Keep the draft for the next page."""
    request.session[_KEY] = asdict(draft)


def finish(request: HttpRequest, draft: Draft, reference: str, secret: str) -> None:
    """Forget the draft; a second press of the last button finds what the first one made."""
    request.session.pop(_KEY, None)
    request.session[_SENT] = [draft.key, reference, secret]


def sent_before(request: HttpRequest, key: str) -> tuple[str, str] | None:
    """Return reference and secret when the report with this key was sent already."""
    kept = request.session.get(_SENT)
    return (kept[1], kept[2]) if kept and key and kept[0] == key else None


def keep_photos(draft: Draft, contents: list[bytes]) -> None:
    """Draw the photos anew and keep them for a day beside the draft; raises `PhotoRefused`."""
    drawn = [pictures.read_picture(content, field="photos") for content in contents]
    _sweep()
    for picture in drawn:
        pictures.keep(picture, _path)
        if picture.digest not in draft.photos:
            draft.photos.append(picture.digest)


def _path(digest: str, *, thumbnail: bool = False) -> Path:
    name = f"{digest}.small.jpg" if thumbnail else f"{digest}.jpg"
    return Path(settings.MEDIA_ROOT) / "drafts" / name


def _bytes_of(digests: list[str]) -> list[bytes]:
    return [path.read_bytes() for digest in digests if (path := _path(digest)).is_file()]


def _sweep() -> None:
    """Delete photos of reports that were begun more than a day ago and never sent."""
    folder = Path(settings.MEDIA_ROOT) / "drafts"
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        if time.time() - file.stat().st_mtime > _DAY:
            file.unlink(missing_ok=True)
