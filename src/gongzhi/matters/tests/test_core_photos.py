"""Photos: checked by content, stripped of what the camera wrote, counted, seen in scope only."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

from PIL import Image

from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters import queries
from gongzhi.matters.tests.support import Caller, is_problem, picture, report, row_counts
from gongzhi.procedures.tests.support import World


def test_a_photo_is_kept_without_anything_the_camera_wrote(world: World, settings: Any) -> None:
    found = report()
    exif = Image.Exif()
    exif[0x010F] = "SecretCam"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (31.0, 30.0, 0.0)
    raw = picture(size=(64, 48), exif=exif, comment=b"hidden words")
    assert b"SecretCam" in raw
    kept = Caller(world.staff["grid_worker"]).upload(f"/matters/{found.reference}/photos", raw)
    told = kept.json()
    assert (told["width"], told["height"]) == (48, 64)
    files = [path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*.jpg")]
    assert len(files) == 2
    for content in files:
        assert b"SecretCam" not in content
        assert b"hidden" not in content
        assert b"Exif" not in content
    shown = Caller(world.staff["grid_worker"]).get(
        f"/matters/{found.reference}/photos/{told['id']}"
    )
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    other = Caller(world.staff["other_secretary"])
    is_problem(other.get(f"/matters/{found.reference}/photos/{told['id']}"), 404)
    path = queries.photo_for(SYSTEM, found.reference, told["id"]).path
    by_secret = queries.photo_for(
        world.staff["other_secretary"], found.reference, told["id"], secret=found.secret
    )
    assert by_secret.path == path


def _bomb() -> bytes:
    """A PNG whose header promises more pixels than are taken."""
    raw = bytearray(picture("PNG", (8, 8)))
    raw[16:24] = (30_000).to_bytes(4, "big") + (30_000).to_bytes(4, "big")
    raw[29:33] = zlib.crc32(bytes(raw[12:29])).to_bytes(4, "big")
    return bytes(raw)


NO_PICTURES = [
    b"",
    b"not a picture",
    b"\xff\xd8\xff\xe0 broken",
    b"<svg onload='alert(1)'/>",
    b"GIF89a",
    b"%PDF-1.4",
    b"MZ\x90",
    picture("PNG")[:60],
    picture("BMP"),
    picture("TIFF"),
    _bomb(),
    b"\x89PNG\r\n\x1a\n" + b"\x00" * 200,
]


def test_what_is_no_picture_is_refused_by_content(world: World) -> None:
    found = report()
    caller = Caller(world.staff["grid_worker"])
    before = row_counts()
    for content in NO_PICTURES:
        answer = caller.upload(f"/matters/{found.reference}/photos", content)
        is_problem(answer, 422, "photo")
        assert row_counts() == before, content[:20]


def test_photos_are_counted_and_the_same_one_is_one(world: World) -> None:
    found = report()
    caller = Caller(world.staff["grid_worker"])
    address = f"/matters/{found.reference}/photos"
    first = caller.upload(address, picture()).json()
    assert caller.upload(address, picture()).json()["id"] == first["id"]
    for n in range(8):
        assert caller.upload(address, picture(size=(20 + n, 20))).status_code == 201
    is_problem(caller.upload(address, picture(size=(99, 20))), 409, "photo")
    is_problem(caller.upload(address, picture(), field="file"), 422, "photo")
    is_problem(caller.post(address, {"photo": "x"}), 422, "photo")
