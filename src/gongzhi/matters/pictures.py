"""Takes uploaded pictures apart and makes new ones: nothing of the file survives but its picture.

Position, device and time that a camera writes into a file (EXIF, XMP, comments) would tell where
a reporter lives; a new encoding of the bare pixels holds none of it, nor anything hidden behind.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from gongzhi.matters.choices import LARGEST_PHOTO, LONGEST_SIDE, MOST_PIXELS, THUMBNAIL_SIDE
from gongzhi.matters.errors import PhotoRefused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be kept: JPEG bytes, a small form, and the digest that names it."""

    digest: str
    content: bytes
    small: bytes
    width: int
    height: int


def read_picture(raw: bytes, *, field: str = "photo") -> Picture:
    """Return the bare picture in *raw*, upright; or raise `PhotoRefused`."""
    if not raw:
        raise PhotoRefused(_("文件是空的"), field=field, mend=_("请重新选择照片"))
    if len(raw) > LARGEST_PHOTO:
        mend = _("每张不能超过 12 MB，请缩小后再上传")
        raise PhotoRefused(_("照片太大"), field=field, mend=mend)
    with _refusing(field), Image.open(io.BytesIO(raw), formats=FORMATS) as given:
        # The header tells the size: refused before a single pixel is unpacked.
        if given.width * given.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        given.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image = _bare(ImageOps.exif_transpose(given))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    content = _encoded(image)
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    digest = hashlib.sha256(content).hexdigest()
    return Picture(digest, content, _encoded(small), image.width, image.height)


@contextmanager
def _refusing(field: str) -> Iterator[None]:
    """Turn whatever a broken or hostile file makes a decoder raise into a refusal."""
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a picture that unpacks to far more than it weighs.
            warnings.simplefilter("error")
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        mend = _("请缩小到五千万像素以内")
        raise PhotoRefused(_("照片的像素太多"), field=field, mend=mend) from error
    except Exception as error:  # decoders of foreign bytes raise what they like
        mend = _("请上传 JPG、PNG、WebP 或 GIF 格式的照片")
        raise PhotoRefused(_("这个文件不是能打开的照片"), field=field, mend=mend) from error


def _bare(image: Image.Image) -> Image.Image:
    """Return the pixels on a fresh canvas, white where the picture is transparent."""
    shown = image.convert("RGBA")
    ground = Image.new("RGB", shown.size, "white")
    ground.paste(shown, mask=shown.getchannel("A"))
    return ground


def _encoded(image: Image.Image) -> bytes:
    into = io.BytesIO()
    image.save(into, "JPEG", quality=_QUALITY, optimize=True)
    return into.getvalue()


def keep(picture: Picture, where: Callable[..., Path]) -> None:
    """Put the bytes where *where*(digest, thumbnail=…) says, whole or not at all.

    A file is named by its content, so one that is there already is the right one.
    """
    for content, small in ((picture.content, False), (picture.small, True)):
        path = where(picture.digest, thumbnail=small)
        if not path.exists():
            _write_whole(path, content)


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
