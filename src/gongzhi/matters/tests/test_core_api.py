"""The API: the whole way of a matter, every kind of bad input, keys, scopes; never a 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.matters.models import Matter
from gongzhi.matters.tests.support import (
    GRID,
    NEW,
    PHONE,
    Caller,
    is_problem,
    picture,
    report,
    row_counts,
)
from gongzhi.procedures.models import Case
from gongzhi.procedures.tests.support import World


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
        "result",
        "answer",
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
    before = row_counts()
    for body, status, field in BAD_REPORTS:
        is_problem(caller.post("/matters", body, key), status, field)
        assert row_counts() == before, body


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
    before = row_counts()
    for move, body, status, field in BAD_MOVES:
        is_problem(caller.post(f"/matters/{found.reference}/moves/{move}", body), status, field)
        assert row_counts() == before, body
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
        is_problem(answer, 422, "lead_organisation")


def test_a_closed_matter_and_a_stale_version_are_told_apart(world: World) -> None:
    found = report()
    worker = Caller(world.staff["grid_worker"])
    address = f"/matters/{found.reference}/moves/answer"
    body = {"data": {"result": "solved", "answer": "好"}, "revision": found.revision}
    assert worker.post(address, body).status_code == 200
    assert is_problem(worker.post(address, body), 409, "revision")["code"] == "case-moved"
    Caller().post(
        f"/matters/{found.reference}/verdict",
        {"secret": found.secret, "solved": True, "satisfaction": "satisfied"},
    )
    closed = worker.post(address, {"data": body["data"]})
    assert is_problem(closed, 409)["code"] == "case-closed"
    photo = worker.upload(f"/matters/{found.reference}/photos", picture())
    assert is_problem(photo, 409)["code"] == "case-closed"


VERDICT = {"solved": True, "satisfaction": "satisfied"}


BAD_VERDICTS: list[tuple[dict[str, Any], int, str | None]] = [
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


def test_bad_verdicts_are_refused(world: World) -> None:
    found = report()
    before = row_counts()
    for body, status, field in BAD_VERDICTS:
        sent = {**body, "secret": found.secret} if body.get("secret") == "REAL" else body
        is_problem(Caller().post(f"/matters/{found.reference}/verdict", sent), status, field)
        assert row_counts() == before


BAD_QUESTIONS = [
    ({"limit": "0"}, "limit"),
    ({"limit": "201"}, "limit"),
    ({"limit": "many"}, "limit"),
    ({"cursor": "???"}, "cursor"),
    ({"cursor": "WyJhIl0"}, "cursor"),
    ({"cursor": "WzFlNDAwXQ"}, "cursor"),
    ({"cursor": "WzEyMzQ1Njc4OTAxMjM0NTY3ODkwMTJd"}, "cursor"),
    ({"cursor": "WzEyMzQ1Njc4OTAxMjM0NTY3ODkw"}, "cursor"),
    ({"cursor": "Wzk5OTk5OTk5OTk5OTk5OTk5OTld"}, "cursor"),
    ({"status": "half"}, "status"),
    ({"light": "blue"}, "light"),
    ({"area": "x"}, "area"),
    ({"text": "\x00"}, "text"),
    ({"mine": "perhaps"}, "mine"),
    ({"colour": "red"}, "colour"),
]


def test_bad_questions_are_refused_by_name(world: World) -> None:
    report()
    caller = Caller(world.staff["grid_worker"])
    for query, field in BAD_QUESTIONS:
        is_problem(caller.get("/matters", **query), 422, field)


def test_the_inbox_is_paged(world: World) -> None:
    for _ in range(3):
        report()
    caller = Caller(world.staff["grid_worker"])
    for tab in ("mine", "pool"):
        first = caller.get("/inbox", tab=tab, limit=2).json()
        second = caller.get("/inbox", tab=tab, limit=2, cursor=first["next"]).json()
        assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    assert caller.get("/inbox", tab="assist").json() == {"items": [], "next": None}
    is_problem(caller.get("/inbox", tab="other"), 422, "tab")
    for wrong in ("zzz", "WyJ4IiwieSJd", "WyJpbmZpbml0eSIsMWU0MDBd", "WzEsMl0"):
        is_problem(caller.get("/inbox", cursor=wrong), 422, "cursor")


def test_nobody_gets_in_without_a_token_or_beyond_its_scopes(world: World) -> None:
    found = report()
    worker = world.staff["grid_worker"]
    for path in ("/matters", f"/matters/{found.reference}", "/inbox", "/matters/counts"):
        assert is_problem(Caller().get(path), 401)["code"] == "sign-in-needed"
    only_see = Caller(worker, "matters.see")
    assert only_see.get("/matters").status_code == 200
    is_problem(only_see.post("/matters", NEW), 403)
    is_problem(only_see.post(f"/matters/{found.reference}/moves/answer", {"data": {}}), 403)
    false = only_see.client.get("/api/v1/matters", headers={"Authorization": "Bearer gz_wrong"})
    assert is_problem(false, 401)["code"] == "token-invalid"
    other = Caller(world.staff["other_secretary"])
    for path in (f"/matters/{found.reference}", f"/matters/{found.reference}/timeline"):
        is_problem(other.get(path), 404)
    is_problem(other.post(f"/matters/{found.reference}/moves/answer", {"data": {}}), 404)
    is_problem(other.post(f"/matters/{found.reference}/place", {"area": GRID}), 404)
    is_problem(other.upload(f"/matters/{found.reference}/photos", picture()), 404)
    assert other.get("/matters").json()["items"] == []


def test_unknown_addresses_and_methods_are_problems(world: World) -> None:
    caller = Caller(world.staff["grid_worker"])
    is_problem(caller.get("/nowhere"), 404)
    is_problem(caller.get("/matters/CC-2601-00001-1"), 404)
    is_problem(caller.get("/matters/%00"), 404)
    is_problem(caller.get("/matters/x" + "y" * 3000), 404)
    refused = caller.client.delete("/api/v1/matters", headers=caller.headers)
    is_problem(refused, 405)
    assert "GET" in refused["Allow"]
    big = caller.client.post(
        "/api/v1/matters",
        b"{}",
        "application/json",
        headers=caller.headers,
        CONTENT_LENGTH=str(2**40),
    )
    is_problem(big, 413, "body")


def test_the_description_is_public_and_of_the_right_version(db: None) -> None:
    found = Caller().get("/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    assert "/api/v1/matters/{reference}/moves/{move}" in found["paths"]
    assert Caller().get("/").json()["openapi"]


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
