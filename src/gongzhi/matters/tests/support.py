"""A small district with outlines, people in posts, the category table and the matter procedure."""

from __future__ import annotations

import io
import json
from typing import Any

import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from gongzhi.areas.actions.writing import NewShape, forget_places, save_shapes
from gongzhi.areas.models import Area, District
from gongzhi.facts.models import FactRecord, KeptAnswer
from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM, Actor
from gongzhi.matters.actions import NewMatter, Reported, load_categories, report_matter
from gongzhi.matters.models import Matter, Photo
from gongzhi.organisations.tests import support as small
from gongzhi.people.actions import issue_token
from gongzhi.procedures.models import Case, Entry
from gongzhi.procedures.tests.support import World, build_world

BASE = small.BASE
GRID, COMMUNITY, STREET, DISTRICT = small.GRID, small.COMMUNITY, small.STREET, small.DISTRICT
OTHER_GRID = "320602001001002"
OTHER_COMMUNITY = "320602002001"
POINT = (120.5, 31.5)  # inside GRID
WORDS = "3号楼北侧消防通道每天晚上停满车，救护车进不来。希望划线。"
PHONE = "13812340417"
NEW = {"words": WORDS, "area": GRID, "category": "parking"}


@action
def _draw(*, actor: Actor, code: str, outline: Any) -> None:
    save_shapes({Area.objects.get(code=code).pk: NewShape(outline, False)})
    forget_places()
    District.objects.create(
        code=DISTRICT,
        folder="small",
        name="甲区",
        reference_prefix="JQ",
        longitude=120.5,
        latitude=31.5,
        level_names={},
        digest="",
        loaded_at=clock.now(),
    )


def build() -> World:
    """Build the district; its first grid has an outline from (120, 31) to (121, 32)."""
    world = build_world()
    _draw(actor=SYSTEM, code=GRID, outline=shapely.box(120, 31, 121, 32))
    load_categories(actor=SYSTEM, file=BASE / "categories.csv")
    world.staff["other_secretary"] = small.staff("other", "community_secretary", OTHER_COMMUNITY)
    return world


def report(actor: Actor = ANONYMOUS, **more: Any) -> Reported:
    """Report a matter in the first grid."""
    given: dict[str, Any] = {"words": WORDS, "category": "parking", "area": GRID, **more}
    return report_matter(actor=actor, report=NewMatter(**given))


def token(actor: Actor, *scopes: str) -> str:
    """Give the person a token and return it."""
    wanted = scopes or ("matters.see", "matters.report", "matters.handle")
    return issue_token(actor=actor, name="test", scopes=wanted).raw


class Caller:
    """Calls the API as somebody, and reads the answer."""

    def __init__(self, actor: Actor | None = None, *scopes: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token(actor, *scopes)}"} if actor else {}

    def get(self, path: str, **query: Any) -> Any:
        """GET an address below the API's root."""
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path: str, body: Any, key: str = "", **headers: str) -> Any:
        """POST JSON, or bytes as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {**self.headers, **headers, **({"Idempotency-Key": key} if key else {})}
        return self.client.post(f"/api/v1{path}", raw, "application/json", headers=sent)

    def upload(self, path: str, content: bytes, key: str = "", field: str = "photo") -> Any:
        """POST one file."""
        file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
        sent = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.client.post(f"/api/v1{path}", {field: file}, headers=sent)


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), colour: str = "red", **more: Any
) -> bytes:
    """Return the bytes of a small picture."""
    into = io.BytesIO()
    Image.new("RGB", size, colour).save(into, kind, **more)
    return into.getvalue()


def is_problem(answer: Any, status: int, field: str | None = None) -> dict[str, Any]:
    """Check that *answer* is a whole problem document, at *field* when told; return it."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == status
    assert body["detail"]
    assert body["instance"]
    if field is not None:
        assert [one["field"] for one in body["errors"]] == [field]
        assert all(one["message"] and one["mend"] for one in body["errors"])
    return body


def row_counts() -> tuple[int, ...]:
    """Count everything that a refused operation must not have written."""
    models = (Matter, Case, Entry, Photo, FactRecord, KeptAnswer)
    return tuple(model.objects.count() for model in models)
