"""A report on its way through three pages: kept in the session, its photos beside it."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.http import HttpRequest

from gongzhi.matters import drafts, pictures
from gongzhi.matters.actions import Contact, NewMatter
from gongzhi.matters.choices import Channel
from gongzhi.matters.queries import Wanted, suggestions

_KEY = "report"
_SENT = "report_sent"


@dataclass(slots=True)
class Draft:
    """What the pages before have asked. Name and phone are never kept here."""

    key: str = ""
    channel: str = Channel.WEB.value
    words: str = ""
    category: str = ""
    photos: list[str] = field(default_factory=list)
    area: str = ""
    lon: float | None = None
    lat: float | None = None
    place_text: str = ""
    placed: bool = False
    offered: list[str] = field(default_factory=list)
    follow: str = ""

    def wanted(self) -> Wanted:
        """Return what the look for matters alike is told."""
        kind = self.category or next((one.code for one in suggestions(self.words, 1)), "")
        return Wanted(self.words, kind, self.area, self.lon, self.lat)

    def as_report(self, name: str, phone: str) -> NewMatter:
        """Return the whole report."""
        return NewMatter(
            words=self.words,
            channel=self.channel,
            category=self.category,
            area=self.area,
            lon=self.lon,
            lat=self.lat,
            place_text=self.place_text,
            name=name,
            phone=phone,
            submit_key=self.key,
            anonymous=not (name or phone),
            photos=drafts.contents(self.photos),
        )

    def as_contact(self, name: str, phone: str) -> Contact:
        """Return what joining a matter that is on record takes."""
        return Contact(
            words=self.words,
            name=name,
            phone=phone,
            channel=self.channel,
            submit_key=self.key,
            photos=drafts.contents(self.photos),
        )


def read(request: HttpRequest) -> Draft:
    """Return the draft of this visitor; an empty one with a fresh key when there is none."""
    kept: dict[str, Any] = request.session.get(_KEY, {})
    known = {f.name for f in fields(Draft)}
    draft = Draft(**{name: value for name, value in kept.items() if name in known})
    draft.key = draft.key or secrets.token_hex(32)
    # After a day the photos are gone: the page says how many there are, not how many there were.
    draft.photos = drafts.still_kept(draft.photos)
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
    for picture in [pictures.read_picture(content, field="photos") for content in contents]:
        drafts.keep(picture)
        if picture.digest not in draft.photos:
            draft.photos.append(picture.digest)
