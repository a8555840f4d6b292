"""Photos of a matter: add one, read one."""

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import File, Schema
from ninja.files import UploadedFile

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.web import json_response
from gongzhi.matters import actions, queries
from gongzhi.matters.api.reports import answered_as, router
from gongzhi.matters.choices import HANDLE, SEE
from gongzhi.matters.errors import MatterUnknown

__all__ = ["router"]


class PhotoAnswer(Schema):
    """A photo; forms name it by its `record`."""

    id: int
    record: str
    width: int
    height: int
    origin: str
    stage: str
    at: datetime


@router.post("/matters/{reference}/photos", response={201: PhotoAnswer}, summary="Add a photo")
@access(HANDLE, face="api")
def add_photo(request: HttpRequest, reference: str, photo: File[UploadedFile]) -> Any:
    """Add a picture (JPEG, PNG, WebP, GIF; at most 12 MB); only the picture itself is kept."""
    content = photo.read()
    kept = actions.attach_photo(actor=actor_of(request), reference=reference, content=content)
    return json_response(kept.as_dict(), status=201)


@router.get(
    "/matters/{reference}/photos/{photo}",
    response=bytes,
    summary="A photo's bytes",
    openapi_extra=answered_as("image/jpeg", {"type": "string", "format": "binary"}),
)
@access(SEE, face="api")
def get_photo(request: HttpRequest, reference: str, photo: int, small: bool = False) -> Any:
    """Read a photo of a matter in one's reach."""
    found = queries.photo_for(actor_of(request), reference, photo, thumbnail=small)
    if not found.path.is_file():
        raise MatterUnknown(field="photo")
    return FileResponse(found.path.open("rb"), content_type=found.content_type)
