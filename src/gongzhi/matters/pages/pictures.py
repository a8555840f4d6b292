"""How photos are served: only through a view that has asked who may see them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from gongzhi.matters.queries import PhotoFile, PhotoInfo

_SIZES = {"small": True, "large": False}


def is_small(size: str) -> bool:
    """Return whether the thumbnail is asked for; anything but small and large is not found."""
    if size not in _SIZES:
        raise Http404
    return _SIZES[size]


def picture(file: PhotoFile) -> HttpResponse:
    """Answer a photo so that a browser takes it for nothing else."""
    try:
        content = file.path.read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline; filename=photo.jpg"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def shown(photos: tuple[PhotoInfo, ...], name: str, *arguments: Any) -> list[dict[str, Any]]:
    """Return photos as the component shows them, under the URL *name*."""
    return [
        {
            "id": photo.id,
            "record": photo.record,
            "at": photo.at,
            "url": reverse(name, args=[*arguments, photo.id, "large"]),
            "thumbnail": reverse(name, args=[*arguments, photo.id, "small"]),
        }
        for photo in photos
    ]
