"""Photos of matters: who may see one, and where its bytes lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from gongzhi.kernel.actor import Actor
from gongzhi.matters.choices import FOR_REPORTER
from gongzhi.matters.errors import MatterUnknown
from gongzhi.matters.models import Matter, Photo
from gongzhi.matters.queries.lists import visible_to

CONTENT_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """A photo of a matter; `record` is how answers and evidence point to it."""

    id: int
    digest: str
    width: int
    height: int
    origin: str
    stage: str
    at: datetime

    @property
    def record(self) -> str:
        """The reference by which forms name this photo."""
        return f"matters.photo:{self.id}"

    def as_dict(self) -> dict[str, object]:
        """Return the plain form the API gives out."""
        return {
            "id": self.id,
            "record": self.record,
            "width": self.width,
            "height": self.height,
            "origin": self.origin,
            "stage": self.stage,
            "at": self.at,
        }


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """Where the bytes of a photo lie, and what they are."""

    path: Path
    content_type: str
    digest: str


def path_of(digest: str, *, thumbnail: bool = False) -> Path:
    """Return where the photo (or its small form) with this content digest lies."""
    name = f"{digest}.small.jpg" if thumbnail else f"{digest}.jpg"
    return Path(settings.MEDIA_ROOT) / "matters" / digest[:2] / name


def photos_for_reporter(matter: int) -> list[PhotoInfo]:
    """Return what a matter's reporter sees of its photos, oldest first: his own and the staff's."""
    found = Photo.objects.filter(matter=matter, origin__in=FOR_REPORTER).order_by("id")
    return [PhotoInfo(p.pk, p.digest, p.width, p.height, p.origin, p.stage, p.at) for p in found]


def photo_for(
    actor: Actor, reference: str, photo: int, *, secret: str = "", thumbnail: bool = False
) -> PhotoFile:
    """Return a photo's file for somebody who may see its matter, or who holds its secret.

    With a secret only the reporter's own view counts. Raises `MatterUnknown` or `SecretWrong`.
    """
    from gongzhi.matters.queries.public import matter_with_secret

    found: Matter | None
    seen = Photo.objects.filter(pk=photo)
    if secret:
        found = matter_with_secret(reference, secret)
        seen = seen.filter(origin__in=FOR_REPORTER)
    else:
        found = visible_to(actor).filter(case__reference=reference).first()
    kept = seen.filter(matter=found).first() if found else None
    if kept is None:
        raise MatterUnknown(field="photo")
    path = path_of(kept.digest, thumbnail=thumbnail)
    return PhotoFile(path, CONTENT_TYPE, kept.digest)
