"""Several cases in one go: what they share is offered, each is done by itself and never twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import held
from gongzhi.kernel.errors import InvalidInput
from gongzhi.matters import actions, queries
from gongzhi.matters.actions import MOST_TOGETHER, assign_together, move_together
from gongzhi.matters.models import Matter
from gongzhi.matters.tests.support import COMMUNITY, GRID, Caller, is_problem, report
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.organisations.tests import support as small
from gongzhi.procedures.models import WorkItem
from gongzhi.procedures.tests.support import World

WHERE = "matters:together"
MADE = {"result": "solved", "answer": "已办好"}


def _three() -> list[str]:
    return [report(words=f"第{number}件事").reference for number in "一二三"]


def _stages() -> list[str]:
    return list(Matter.objects.order_by("id").values_list("case__stage", flat=True))


def _key(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert found
    return found[1]


def _moved() -> int:
    return FactRecord.objects.filter(kind="procedures.moved").count()


def test_what_the_chosen_have_in_common_is_offered(world: World) -> None:
    refs = _three()
    page = text(desk(world, "grid_worker").get(reverse(WHERE), {"case": refs}))
    assert "一起办 3 件" in page
    assert 'value="move:answer"' in page
    assert 'value="move:pass_up"' in page
    assert "照片" not in page  # what is of one case is not asked for many
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=refs[0],
        move="pass_up",
        data={"pass_reason": "x"},
    )
    other = text(desk(world, "grid_worker").get(reverse(WHERE), {"case": refs}))
    assert 'value="move:' not in other
    assert "没有能一起办的" in other


def test_what_a_person_judged_and_what_names_an_organisation_is_done_singly(world: World) -> None:
    refs = _three()
    worker = world.staff["grid_worker"]
    move_together(actor=worker, references=refs, move="answer", data=MADE)
    found = queries.together(world.staff["community_worker"], refs)
    assert len(found.cases) == 3
    assert found.moves == ()  # calling back is of one reporter
    up = [report(words=f"另{n}件").reference for n in "一二"]
    for who in ("grid_worker", "community_worker"):
        done = move_together(
            actor=world.staff[who], references=up, move="pass_up", data={"pass_reason": "办不了"}
        )
        assert all(fate.error is None for fate in done)
    keys = {one.key for one in queries.together(world.staff["street_officer"], up).moves}
    assert keys == {"decline", "answer", "pass_up", "pass_down"}


def test_one_refused_does_not_stop_the_others_and_stays_chosen(world: World) -> None:
    refs = _three()
    worker, client = world.staff["grid_worker"], desk(world, "grid_worker")
    page = text(client.get(reverse(WHERE), {"case": refs, "next": "/desk/matters/?status=open"}))
    # Meanwhile somebody has moved one of them on.
    actions.move_matter(
        actor=worker, reference=refs[1], move="pass_up", data={"pass_reason": "办不了"}
    )
    sent: dict[str, Any] = {
        "case": refs,
        "key": _key(page),
        "next": "/desk/matters/?status=open",
        "do": "move:answer",
        "answer-result": "solved",
        "answer-answer": "三件都办好了",
    }
    told = client.post(reverse(WHERE), sent)
    page = text(told)
    assert "已办 2 件" in page
    assert refs[0] in page
    assert "1 件没有办成" in page
    assert 'class="field-error"' in page
    assert re.findall(r'name="case" value="([^"]+)" checked', page) == [refs[1]]
    assert _stages() == ["feedback", "community", "feedback"]
    before = _moved()
    assert client.post(reverse(WHERE), sent).status_code == 200  # sent again with its key
    assert _moved() == before


def test_when_all_is_done_one_is_back_where_one_came_from(world: World) -> None:
    refs = _three()
    client = desk(world, "grid_worker")
    page = text(client.get(reverse(WHERE), {"case": refs}))
    sent: dict[str, Any] = {"case": refs, "key": _key(page), "do": "move:pass_up"}
    sent |= {"next": "/desk/?tab=pool", "pass_up-pass_reason": "网格办不了"}
    done = client.post(reverse(WHERE), sent)
    assert done.url == "/desk/?tab=pool"
    assert _stages() == ["community"] * 3
    assert "已办 3 件" in text(client.get(done.url))
    hostile = client.post(reverse(WHERE), {**sent, "next": "//evil.example/"})
    assert "evil" not in str(hostile.headers)
    assert _stages() == ["community"] * 3


def test_fewer_can_be_looked_at_again(world: World) -> None:
    refs = _three()
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=refs[0],
        move="pass_up",
        data={"pass_reason": "办不了"},
    )
    page = text(desk(world, "grid_worker").post(reverse(WHERE), {"case": refs[1:], "do": "look"}))
    assert "一起办 2 件" in page
    assert 'value="move:answer"' in page
    assert _stages() == ["community", "grid", "grid"]


def test_a_form_not_filled_in_comes_back_open_and_nothing_is_done(world: World) -> None:
    refs = _three()
    client = desk(world, "grid_worker")
    page = text(client.post(reverse(WHERE), {"case": refs, "do": "move:pass_up"}))
    move = page[page.index('id="move-pass_up"') :]
    assert " open" in move.partition(">")[0]
    assert "field-error" in move.partition("</details>")[0]
    assert _stages() == ["grid"] * 3


@pytest.mark.parametrize("key", ["", "0" * 32])
def test_the_same_key_does_each_once(world: World, key: str) -> None:
    refs = _three()
    worker = world.staff["grid_worker"]
    sent: dict[str, Any] = {"actor": worker, "references": refs, "move": "answer", "data": MADE}
    first = move_together(**sent, key=key)
    again = move_together(**sent, key=key)
    assert [fate.error for fate in first] == [None] * 3
    assert [fate.error is None for fate in again] == [bool(key)] * 3
    assert _stages() == ["feedback"] * 3


def test_closing_stands_apart(world: World) -> None:
    for number in "一二":
        report(words=f"第{number}件", area=COMMUNITY)
    refs = list(Matter.objects.values_list("case__reference", flat=True))
    clerk = world.staff["district_clerk"]
    found = queries.together(clerk, refs)
    ends = {one.key: one.ends for one in found.moves}
    assert ends.get("exclude", ends.get("decline")) is True
    page = text(desk(world, "district_clerk").get(reverse(WHERE), {"case": refs}))
    assert "批量办结" in page


def test_cases_are_given_to_a_person_of_the_same_post(world: World) -> None:
    refs = _three()
    second = small.staff("second", "grid_worker", GRID)
    client = desk(world, "grid_worker")
    page = text(client.get(reverse(WHERE), {"case": refs}))
    assert f'<option value="{second.account}">' in page
    sent = {"case": refs, "key": _key(page), "do": "assign", "assign-account": second.account}
    assert client.post(reverse(WHERE), sent).status_code == 302
    given = set(WorkItem.objects.filter(done_at=None).values_list("claimed_by", flat=True))
    assert given == {second.account}
    stranger = world.staff["other_secretary"].account or 0
    fates = assign_together(actor=second, references=refs, account=stranger)
    assert all("没有任职" in str(fate.error) for fate in fates)


def test_who_does_not_hold_them_is_refused_each_in_words(world: World) -> None:
    refs = _three()
    other = world.staff["other_secretary"]
    fates = move_together(actor=other, references=refs, move="answer", data=MADE)
    assert all(fate.error is not None for fate in fates)
    assert _stages() == ["grid"] * 3
    assert queries.together(other, refs).cases == ()


def test_none_and_too_many_are_refused(world: World) -> None:
    worker = world.staff["grid_worker"]
    for chosen in ([], [f"x{number}" for number in range(MOST_TOGETHER + 1)], ["\x00"]):
        with pytest.raises(InvalidInput):
            move_together(actor=worker, references=chosen, move="answer", data=MADE)
    hostile = {"case": ["\x00", "٣", "9" * 5000, "x"], "do": "move:\x00", "key": "\x00"}
    client = desk(world, "grid_worker")
    assert client.post(reverse(WHERE), hostile).status_code == 200
    assert client.post(reverse(WHERE), {**hostile, "do": "assign"}).status_code == 200
    assert client.get(reverse(WHERE), {"case": hostile["case"]}).status_code == 200


def test_the_inbox_leads_there_with_its_items(world: World) -> None:
    refs = _three()
    items = list(WorkItem.objects.filter(done_at=None).values_list("id", flat=True))
    client = desk(world, "grid_worker")
    sent = {"move": "together", "case": items, "tab": "pool"}
    gone = client.post(reverse("matters:bulk"), sent)
    page = text(client.get(gone.url))
    assert all(one in page for one in refs)
    part = client.post(reverse("matters:bulk"), sent, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == gone.url


def test_the_list_offers_boxes_to_who_handles(world: World) -> None:
    refs = _three()
    page = text(desk(world, "grid_worker").get(reverse("matters:list")))
    assert all(f'name="case" value="{one}"' in page for one in refs)
    closed = text(desk(world, "grid_worker").get(reverse("matters:list"), {"status": "closed"}))
    assert 'name="case"' not in closed


def test_the_page_takes_as_many_statements_for_three_as_for_one(world: World) -> None:
    refs, client = _three(), desk(world, "grid_worker")
    client.get(reverse(WHERE), {"case": refs})
    taken = []
    for chosen in (refs[:1], refs):
        held.forget_all()
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse(WHERE), {"case": chosen})
        taken.append(len(counted))
    assert taken[0] == taken[1]


# --- the same by the API -----------------------------------------------------------------------
def test_the_api_tells_each_ones_fate(world: World) -> None:
    refs = _three()
    worker = Caller(world.staff["grid_worker"])
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=refs[1],
        move="pass_up",
        data={"pass_reason": "办不了"},
    )
    body = {"references": refs, "move": "answer", "data": MADE}
    answer = worker.post("/bulk/moves", body, key="k1")
    assert answer.status_code == 200
    found = {one["chosen"]: one for one in answer.json()["items"]}
    assert [found[one]["done"] for one in refs] == [True, False, True]
    assert found[refs[1]]["code"]
    assert found[refs[1]]["detail"]
    assert _stages() == ["feedback", "community", "feedback"]
    again = worker.post("/bulk/moves", body, key="k1")
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == answer.json()
    assert _stages() == ["feedback", "community", "feedback"]


def test_the_api_claims_and_gives_many(world: World) -> None:
    refs = _three()
    second = small.staff("second", "grid_worker", GRID)
    items = list(WorkItem.objects.filter(done_at=None).values_list("id", flat=True))
    worker = Caller(world.staff["grid_worker"])
    claimed = worker.post("/bulk/claims", {"items": items})
    assert [one["done"] for one in claimed.json()["items"]] == [True] * 3
    twice = worker.post("/bulk/claims", {"items": items})
    assert [one["done"] for one in twice.json()["items"]] == [False] * 3
    freed = worker.post("/bulk/releases", {"items": items})
    assert [one["done"] for one in freed.json()["items"]] == [True] * 3
    given = worker.post("/bulk/assignments", {"references": refs, "account": second.account})
    assert [one["done"] for one in given.json()["items"]] == [True] * 3
    is_problem(worker.post("/bulk/moves", {"references": [], "move": "answer"}), 422)
    is_problem(worker.post("/bulk/moves", {"references": refs, "move": "a\x00"}), 422)
