"""REST: sheets, kept lists, duties, the reporter's own view, and who reported."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from gongzhi.facts.models import FactRecord, KeptAnswer
from gongzhi.matters import actions
from gongzhi.matters.models import Matter, ReporterReveal
from gongzhi.matters.tests.support import PHONE, WORDS, Caller, is_problem, report
from gongzhi.matters.tests.test_sheets import ALSO, GOOD, ROWS, as_csv, take
from gongzhi.procedures.tests.support import World


def _upload(caller: Caller, content: bytes, key: str = "") -> Any:
    file = SimpleUploadedFile("二月.csv", content, "text/csv")
    sent = {**caller.headers, **({"Idempotency-Key": key} if key else {})}
    return caller.client.post("/api/v1/sheets", {"file": file, "kind": "hotline"}, headers=sent)


def test_a_sheet_is_uploaded_mended_and_taken_in(world: World) -> None:
    caller = Caller(world.staff["district_clerk"])
    sheet = _upload(caller, as_csv(ROWS), "s1").json()
    assert _upload(caller, as_csv(ROWS), "s1").json() == sheet
    assert sheet["status"] == "checked"
    where = f"/sheets/{sheet['id']}"
    assert [one["id"] for one in caller.get("/sheets").json()] == [sheet["id"]]
    detail = caller.get(where).json()
    bad = detail["bad"][0]
    assert bad["wrong"][0]["message"]
    assert bad["wrong"][0]["mend"]
    good = dict(zip(detail["columns"].values(), GOOD, strict=False))
    assert good
    answer = caller.post(f"{where}/rows/{bad['line']}", {"values": {"words": "说清楚了的事"}})
    assert answer.json()["state"] in ("good", "bad")
    is_problem(caller.post(f"{where}/rows/9999", {"values": {}}), 404)
    assert caller.post(f"{where}/take", {}).json()["status"] == "running"
    other = Caller(world.staff["community_worker"])
    is_problem(other.get(where), 404)


def test_the_rows_of_a_sheet_become_matters(world: World) -> None:
    caller = Caller(world.staff["district_clerk"])
    sheet = _upload(caller, as_csv([GOOD, ALSO])).json()
    assert caller.post(f"/sheets/{sheet['id']}/take", {}).status_code == 200
    take(world, sheet["id"])
    assert Matter.objects.count() == 2
    assert caller.post(f"/sheets/{sheet['id']}/drop", {}).status_code == 204
    assert caller.get("/sheets").json() == []


def test_what_is_no_sheet_is_refused(world: World) -> None:
    caller = Caller(world.staff["district_clerk"])
    is_problem(_upload(caller, b"no sheet at all"), 422)
    is_problem(caller.post("/sheets", {}), 422)


def test_lists_are_kept_under_names(world: World) -> None:
    caller = Caller(world.staff["grid_worker"])
    kept = caller.post("/lists", {"name": "我的停车", "category": "parking", "status": "open"})
    assert kept.json() == [{"name": "我的停车", "query": "status=open&category=parking"}]
    assert caller.get("/lists").json() == kept.json()
    is_problem(caller.post("/lists", {"name": "x", "area": "odd"}), 422, "area")
    is_problem(caller.post("/lists", {"name": ""}), 422, "name")
    assert caller.post("/lists/drop", {"name": "我的停车"}).json() == []
    assert Caller(world.staff["community_worker"]).get("/lists").json() == []


def test_the_duties_are_told(world: World) -> None:
    found = Caller(world.staff["grid_worker"]).get("/duties").json()
    assert {"own", "assist", "withdrawn"} >= {one["kind"] for one in found}
    assert found[0]["basis"]


def test_who_reported_is_told_for_a_recorded_reason_only(world: World) -> None:
    found = report(name="李秀英", phone=PHONE)
    where = f"/matters/{found.reference}/reporter"
    secretary = world.staff["community_secretary"]
    caller = Caller(secretary, "matters.see", "people.reveal")
    is_problem(caller.post(where, {"reason": "curious"}), 422, "reason")
    is_problem(caller.post(where, {"reason": "other"}), 422, "words")
    assert ReporterReveal.objects.count() == 0
    told = caller.post(where, {"reason": "contact"}, key="r1")
    assert told.json() == {"name": "李秀英", "phone": PHONE}
    again = caller.post(where, {"reason": "contact"}, key="r1")
    assert again.json() == told.json()
    assert ReporterReveal.objects.count() == 2  # two looks: what was told is not kept anywhere
    assert FactRecord.objects.filter(kind="matters.reporter_revealed").count() == 2
    assert not [one for one in KeptAnswer.objects.all() if PHONE.encode() in bytes(one.body)]
    is_problem(Caller(secretary).post(where, {"reason": "contact"}), 403)


def test_the_reporter_reads_and_judges_by_the_secret(world: World) -> None:
    found = report()
    nobody = Caller()
    view = nobody.get(f"/follow/{found.reference}/{found.secret}").json()
    assert view["words"] == WORDS
    assert view["may_rate"] is False
    assert [one["text"] for one in view["steps"]]
    is_problem(nobody.get(f"/follow/{found.reference}/wrong"), 404)
    worker = world.staff["grid_worker"]
    made = {"result": "solved", "answer": "已划线"}
    actions.move_matter(actor=worker, reference=found.reference, move="answer", data=made)
    view = nobody.get(f"/follow/{found.reference}/{found.secret}").json()
    assert view["may_rate"] is True
    assert "已划线" in str(view["steps"])
    verdict = {"secret": found.secret, "solved": False, "satisfaction": "dissatisfied"}
    assert nobody.post(f"/matters/{found.reference}/verdict", verdict).json()["stage"] == "review"
    after = nobody.get(f"/follow/{found.reference}/{found.secret}").json()
    assert (after["solved"], after["may_rate"]) == ("unsolved", False)
