"""The API: the whole way of a matter, every kind of bad input, keys, scopes; never a 500."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.models import FactRecord, KeptAnswer
from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters import queries
from gongzhi.matters.models import Matter, Photo
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import GRID, PHONE, WORDS, Caller, picture, report
from gongzhi.procedures.models import Case, Entry
from gongzhi.procedures.tests.support import World

NEW = {"words": WORDS, "area": GRID, "category": "parking"}


def test_a_matter_travels_through_the_api_to_the_verdict(world: World) -> None:
    worker = Caller(world.staff["grid_worker"])
    told = worker.post("/matters", {**NEW, "name": "李明", "phone": PHONE})
    assert told.status_code == 201
    done = told.json()
    assert told["Location"].endswith(done["reference"])
    shown = worker.get(f"/matters/{done['reference']}").json()
    assert shown["reporter"]["name"] == "李**"
    moves = {move["key"]: move for move in shown["next_moves"]}
    assert set(moves) == {"pass_up", "answer"}
    assert {field["key"] for field in moves["answer"]["form"] if field["required"]} == {
        "result", "answer",
    }
    photo = worker.upload(f"/matters/{done['reference']}/photos", picture())
    assert photo.status_code == 201
    answered = worker.post(
        f"/matters/{done['reference']}/moves/answer",
        {
            "data": {"result": "solved", "answer": "已划线", "photos": [photo.json()["record"]]},
            "revision": shown["revision"],
        },
    )
    assert (answered.status_code, answered.json()["stage"]) == (200, "feedback")
    verdict = Caller().post(
        f"/matters/{done['reference']}/verdict",
        {"secret": done["secret"], "solved": True, "satisfaction": "very_satisfied"},
    )
    assert (verdict.status_code, verdict.json()["status"]) == (200, "closed")
    assert worker.get("/matters", status="closed").json()["items"][0]["solved"] == "solved"
    assert Caller().get(f"/matters/{done['reference']}/status").json()["stage"] == "已解决"
    assert len(worker.get(f"/matters/{done['reference']}/timeline").json()) >= 4


def _is_problem(answer: Any, status: int, field: str | None = None) -> dict[str, Any]:
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


def _counts() -> tuple[int, ...]:
    models = (Matter, Case, Entry, Photo, FactRecord, KeptAnswer)
    return tuple(model.objects.count() for model in models)


BAD_REPORTS: list[tuple[Any, int, str | None]] = [
    ({**NEW, "colour": "red"}, 422, "colour"),
    ({"area": GRID}, 422, "words"),
    ({**NEW, "words": 7}, 422, "words"),
    ({**NEW, "words": None}, 422, "words"),
    ({**NEW, "words": ""}, 422, "words"),
    ({**NEW, "words": "长" * 2001}, 422, "words"),
    ({**NEW, "words": "a\x00b"}, 422, "words"),
    ({**NEW, "lon": "east", "lat": 1}, 422, "lon"),
    ({**NEW, "lon": 500, "lat": 1}, 422, "lon"),
    ({**NEW, "lon": 1e308, "lat": 1}, 422, "lon"),
    ({**NEW, "lon": 120}, 422, "lat"),
    ({**NEW, "area": "", "lon": 1, "lat": 1}, 422, "lon"),
    ({**NEW, "area": "99"}, 422, "area"),
    ({**NEW, "area": "1" * 500}, 422, "area"),
    ({**NEW, "area": "320602001001999"}, 422, "area"),
    ({**NEW, "area": ["320602001001001"]}, 422, "area"),
    ({**NEW, "category": "nonsense"}, 422, "category"),
    ({**NEW, "channel": "smoke"}, 422, "channel"),
    ({**NEW, "anonymous": "perhaps"}, 422, "anonymous"),
    ({**NEW, "phone": "abc"}, 422, "phone"),
    ({**NEW, "system": "mars"}, 422, "system"),
    ([], 422, "body"),
    ("text", 422, "body"),
    (None, 422, "body"),
    (b"", 422, None),
    (b"{", 400, "body"),
    (b'{"words": NaN}', 400, "body"),
    (b'{"words": "\xff\xfe"}', 400, "body"),
    (b'{"words": "\\ud800"}', 400, "body"),
    (b"[" * 100_000, 400, "body"),
    (b'{"words": "' + b"x" * 3_000_000 + b'"}', 413, "body"),
]


@pytest.mark.parametrize("key", ["", "one-key"])
def test_bad_reports_are_refused_by_name_and_leave_nothing(world: World, key: str) -> None:
    caller = Caller(world.staff["grid_worker"])
    before = _counts()
    for body, status, field in BAD_REPORTS:
        _is_problem(caller.post("/matters", body, key), status, field)
        assert _counts() == before, body


BAD_MOVES: list[tuple[str, Any, int, str | None]] = [
    ("answer", {"data": {"result": "solved"}}, 422, "answer"),
    ("answer", {"data": {"result": "magic", "answer": "好"}}, 422, "result"),
    ("answer", {"data": {"result": ["solved"], "answer": "好"}}, 422, "result"),
    ("answer", {"data": {"result": "solved", "answer": "长" * 2001}}, 422, "answer"),
    ("answer", {"data": {"result": "solved", "answer": "a\x00"}}, 422, "answer"),
    ("answer", {"data": {"result": "solved", "answer": "好", "more": 1}}, 422, "more"),
    ("answer", {"data": {"result": "solved", "answer": "好", "photos": [1]}}, 422, "photos"),
    ("answer", {"data": {"result": "solved", "answer": "好", "photos": {"a": 1}}}, 422, "photos"),
    ("answer", {"data": [1]}, 422, "data"),
    ("answer", {"data": {}, "revision": "new"}, 422, "revision"),
    ("answer", {"data": {}, "revision": -1}, 422, "revision"),
    ("answer", {"data": {}, "revision": 2**63}, 422, "revision"),
    ("answer", {"data": {}, "because": 1}, 422, "because"),
    ("answer", {"data": {"result": "solved", "answer": "好"}, "revision": 99}, 409, "revision"),
    ("fly", {"data": {}}, 409, None),
    ("verdict_solved", {"data": {}}, 409, None),
    ("%00", {"data": {}}, 409, None),
    ("answer", b'{"data": {"result": "\xff"}}', 400, "body"),
    ("answer", b"nonsense", 400, "body"),
]


def test_bad_moves_are_refused_by_name_and_leave_nothing(world: World) -> None:
    found = report()
    caller = Caller(world.staff["grid_worker"])
    before = _counts()
    for move, body, status, field in BAD_MOVES:
        _is_problem(caller.post(f"/matters/{found.reference}/moves/{move}", body), status, field)
        assert _counts() == before, body
    assert Case.objects.get(pk=found.case).revision == found.revision


def test_no_organisation_out_of_range_breaks_a_dispatch(world: World) -> None:
    found = report()
    for role in ("grid_worker", "community_worker"):
        Caller(world.staff[role]).post(
            f"/matters/{found.reference}/moves/pass_up", {"data": {"pass_reason": "超出"}}
        )
    officer = Caller(world.staff["street_officer"])
    for wrong in (2**40, 2**70, "x", -1, [1], {"a": 1}, True, 1e300):
        data = {"lead_organisation": wrong, "instruction": "请办理"}
        answer = officer.post(f"/matters/{found.reference}/moves/dispatch", {"data": data})
        _is_problem(answer, 422, "lead_organisation")


def test_a_closed_matter_and_a_stale_version_are_told_apart(world: World) -> None:
    found = report()
    worker = Caller(world.staff["grid_worker"])
    address = f"/matters/{found.reference}/moves/answer"
    body = {"data": {"result": "solved", "answer": "好"}, "revision": found.revision}
    assert worker.post(address, body).status_code == 200
    assert _is_problem(worker.post(address, body), 409, "revision")["code"] == "case-moved"
    Caller().post(
        f"/matters/{found.reference}/verdict",
        {"secret": found.secret, "solved": True, "satisfaction": "satisfied"},
    )
    closed = worker.post(address, {"data": body["data"]})
    assert _is_problem(closed, 409)["code"] == "case-closed"
    photo = worker.upload(f"/matters/{found.reference}/photos", picture())
    assert _is_problem(photo, 409)["code"] == "case-closed"


VERDICT = {"solved": True, "satisfaction": "satisfied"}


BAD_VERDICTS: list[tuple[dict[str, Any], int, str | None]] = (
    [
        ({**VERDICT, "secret": "x" * 43}, 404, "secret"),
        ({**VERDICT, "secret": ""}, 404, "secret"),
        ({**VERDICT, "secret": "\x00"}, 404, "secret"),
        (VERDICT, 422, "secret"),
        ({**VERDICT, "secret": None}, 422, "secret"),
        ({"secret": "s", "solved": "perhaps", "satisfaction": "satisfied"}, 422, "solved"),
        ({**VERDICT, "secret": "REAL", "satisfaction": "delighted"}, 422, "satisfaction"),
        ({**VERDICT, "secret": "REAL", "words": "长" * 1001}, 422, "words"),
        ({**VERDICT, "secret": "REAL"}, 409, None),
    ]
)


def test_bad_verdicts_are_refused(world: World) -> None:
    found = report()
    before = _counts()
    for body, status, field in BAD_VERDICTS:
        sent = {**body, "secret": found.secret} if body.get("secret") == "REAL" else body
        _is_problem(Caller().post(f"/matters/{found.reference}/verdict", sent), status, field)
        assert _counts() == before


BAD_QUESTIONS = (
    [
        ({"limit": "0"}, "limit"), ({"limit": "201"}, "limit"), ({"limit": "many"}, "limit"),
        ({"cursor": "???"}, "cursor"), ({"cursor": "WyJhIl0"}, "cursor"),
        ({"cursor": "WzFlNDAwXQ"}, "cursor"),
        ({"cursor": "WzEyMzQ1Njc4OTAxMjM0NTY3ODkwMTJd"}, "cursor"),
        ({"cursor": "WzEyMzQ1Njc4OTAxMjM0NTY3ODkw"}, "cursor"),
        ({"cursor": "Wzk5OTk5OTk5OTk5OTk5OTk5OTld"}, "cursor"),
        ({"status": "half"}, "status"), ({"light": "blue"}, "light"), ({"area": "x"}, "area"),
        ({"text": "\x00"}, "text"), ({"mine": "perhaps"}, "mine"), ({"colour": "red"}, "colour"),
    ]
)


def test_bad_questions_are_refused_by_name(world: World) -> None:
    report()
    caller = Caller(world.staff["grid_worker"])
    for query, field in BAD_QUESTIONS:
        _is_problem(caller.get("/matters", **query), 422, field)


def test_the_inbox_is_paged(world: World) -> None:
    for _ in range(3):
        report()
    caller = Caller(world.staff["grid_worker"])
    for tab in ("mine", "pool"):
        first = caller.get("/inbox", tab=tab, limit=2).json()
        second = caller.get("/inbox", tab=tab, limit=2, cursor=first["next"]).json()
        assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    assert caller.get("/inbox", tab="assist").json() == {"items": [], "next": None}
    _is_problem(caller.get("/inbox", tab="other"), 422, "tab")
    for wrong in ("zzz", "WyJ4IiwieSJd", "WyJpbmZpbml0eSIsMWU0MDBd", "WzEsMl0"):
        _is_problem(caller.get("/inbox", cursor=wrong), 422, "cursor")


def test_nobody_gets_in_without_a_token_or_beyond_its_scopes(world: World) -> None:
    found = report()
    worker = world.staff["grid_worker"]
    for path in ("/matters", f"/matters/{found.reference}", "/inbox", "/matters/counts"):
        assert _is_problem(Caller().get(path), 401)["code"] == "sign-in-needed"
    only_see = Caller(worker, "matters.see")
    assert only_see.get("/matters").status_code == 200
    _is_problem(only_see.post("/matters", NEW), 403)
    _is_problem(only_see.post(f"/matters/{found.reference}/moves/answer", {"data": {}}), 403)
    false = only_see.client.get("/api/v1/matters", headers={"Authorization": "Bearer gz_wrong"})
    assert _is_problem(false, 401)["code"] == "token-invalid"
    other = Caller(world.staff["other_secretary"])
    for path in (f"/matters/{found.reference}", f"/matters/{found.reference}/timeline"):
        _is_problem(other.get(path), 404)
    _is_problem(other.post(f"/matters/{found.reference}/moves/answer", {"data": {}}), 404)
    _is_problem(other.post(f"/matters/{found.reference}/place", {"area": GRID}), 404)
    _is_problem(other.upload(f"/matters/{found.reference}/photos", picture()), 404)
    assert other.get("/matters").json()["items"] == []


def test_unknown_addresses_and_methods_are_problems(world: World) -> None:
    caller = Caller(world.staff["grid_worker"])
    _is_problem(caller.get("/nowhere"), 404)
    _is_problem(caller.get("/matters/CC-2601-00001-1"), 404)
    _is_problem(caller.get("/matters/%00"), 404)
    _is_problem(caller.get("/matters/x" + "y" * 3000), 404)
    refused = caller.client.delete("/api/v1/matters", headers=caller.headers)
    _is_problem(refused, 405)
    assert "GET" in refused["Allow"]
    big = caller.client.post(
        "/api/v1/matters", b"{}", "application/json", headers=caller.headers,
        CONTENT_LENGTH=str(2**40),
    )
    _is_problem(big, 413, "body")


def test_the_description_is_public_and_of_the_right_version(db: None) -> None:
    found = Caller().get("/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    assert "/api/v1/matters/{reference}/moves/{move}" in found["paths"]
    assert Caller().get("/").json()["openapi"]


# --- photos -----------------------------------------------------------------------------------
def test_a_photo_is_kept_without_anything_the_camera_wrote(world: World, settings: Any) -> None:
    from PIL import Image

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
    _is_problem(other.get(f"/matters/{found.reference}/photos/{told['id']}"), 404)
    path = queries.photo_for(SYSTEM, found.reference, told["id"]).path
    by_secret = queries.photo_for(
        world.staff["other_secretary"], found.reference, told["id"], secret=found.secret
    )
    assert by_secret.path == path


def _bomb() -> bytes:
    """A PNG whose header promises more pixels than are taken."""
    raw = bytearray(picture("PNG", (8, 8)))
    raw[16:24] = (30_000).to_bytes(4, "big") + (30_000).to_bytes(4, "big")
    import zlib

    raw[29:33] = zlib.crc32(bytes(raw[12:29])).to_bytes(4, "big")
    return bytes(raw)


NO_PICTURES = (
    [
        b"", b"not a picture", b"\xff\xd8\xff\xe0 broken", b"<svg onload='alert(1)'/>",
        b"GIF89a", b"%PDF-1.4", b"MZ\x90", picture("PNG")[:60], picture("BMP"), picture("TIFF"),
        _bomb(), b"\x89PNG\r\n\x1a\n" + b"\x00" * 200,
    ]
)


def test_what_is_no_picture_is_refused_by_content(world: World) -> None:
    found = report()
    caller = Caller(world.staff["grid_worker"])
    before = _counts()
    for content in NO_PICTURES:
        answer = caller.upload(f"/matters/{found.reference}/photos", content)
        _is_problem(answer, 422, "photo")
        assert _counts() == before, content[:20]


def test_photos_are_counted_and_the_same_one_is_one(world: World) -> None:
    found = report()
    caller = Caller(world.staff["grid_worker"])
    address = f"/matters/{found.reference}/photos"
    first = caller.upload(address, picture()).json()
    assert caller.upload(address, picture()).json()["id"] == first["id"]
    for n in range(8):
        assert caller.upload(address, picture(size=(20 + n, 20))).status_code == 201
    _is_problem(caller.upload(address, picture(size=(99, 20))), 409, "photo")
    _is_problem(caller.upload(address, picture(), field="file"), 422, "photo")
    _is_problem(caller.post(address, {"photo": "x"}), 422, "photo")


# --- one answer per key -----------------------------------------------------------------------
def test_a_repeated_key_gets_the_first_answer_again(world: World) -> None:
    caller = Caller(world.staff["grid_worker"])
    first = caller.post("/matters", NEW, key="k1")
    again = caller.post("/matters", NEW, key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert Matter.objects.count() == 1
    body = _is_problem(caller.post("/matters", {**NEW, "words": "别的"}, key="k1"), 422)
    assert body["code"] == "idempotency-key-reused"
    other = Caller(world.staff["community_worker"])
    assert other.post("/matters", NEW, key="k1").status_code == 201
    assert Matter.objects.count() == 2
    _is_problem(caller.post("/matters", NEW, key="k" * 201), 422, "Idempotency-Key")
    address = f"/matters/{first.json()['reference']}/photos"
    kept = caller.upload(address, picture(), key="p1")
    assert caller.upload(address, picture(), key="p1").content == kept.content
    _is_problem(caller.upload(address, picture(size=(9, 9)), key="p1"), 422)


@pytest.mark.django_db(transaction=True)
def test_one_key_pressed_from_many_sides_at_once_reports_once(
    settings: Any, tmp_path: Path
) -> None:
    """Seen failing (four matters) with the unique constraint on kept answers taken away."""
    settings.MEDIA_ROOT = tmp_path
    world = support.build()
    headers = Caller(world.staff["grid_worker"]).headers
    gate = threading.Barrier(4)
    answers: list[bytes] = []

    def press() -> None:
        caller = Caller()
        caller.headers = headers
        gate.wait(20)
        try:
            answers.append(caller.post("/matters", NEW, key="same").content)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert Matter.objects.count() == 1


# --- statements ---------------------------------------------------------------------------------
def test_lists_and_pages_take_a_fixed_number_of_statements(world: World) -> None:
    caller = Caller(world.staff["district_clerk"])
    seen: dict[str, set[int]] = {"/matters": set(), "/inbox": set(), "/matters/counts": set()}
    for size in (1, 3):
        while Matter.objects.count() < size:
            found = report(area="" if size == 1 else GRID)
        for path, counted in seen.items():
            caller.get(path)
            with CaptureQueriesContext(connection) as taken:
                assert caller.get(path).status_code == 200
            counted.add(len(taken))
    assert all(max(counted) <= 9 for counted in seen.values()), seen
    with CaptureQueriesContext(connection) as taken:
        caller.get(f"/matters/{found.reference}")
    assert len(taken) <= 14, "\n".join(q["sql"] for q in taken)
