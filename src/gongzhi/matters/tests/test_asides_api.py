"""By the API: a question through a link and its answer, stepping aside, naming who is accused."""

from __future__ import annotations

from django.test import Client

from gongzhi.matters.models import Matter
from gongzhi.matters.tests.support import Caller, is_problem, report
from gongzhi.organisations.tests import support as small
from gongzhi.procedures.tests.support import GRID, World

WHY = {"reason": "interest", "words": "反映的是我家开的店"}


def test_a_question_is_asked_answered_and_read(world: World) -> None:
    done = report()
    caller = Caller(world.staff["grid_worker"])
    path = f"/matters/{done.reference}/questions"
    is_problem(caller.post(path, {"words": "请问在几楼"}), 422, "named")
    asked = caller.post(path, {"words": "请问在几楼", "named": "安居物业"}, key="once").json()
    again = caller.post(path, {"words": "请问在几楼", "named": "安居物业"}, key="once").json()
    assert again == asked
    firm = Client()
    assert "请问在几楼" in firm.get(asked["link"]).content.decode()
    assert firm.post(asked["link"], {"words": "在三楼东侧"}).status_code in (200, 302)
    (row,) = caller.get(path).json()
    assert (row["state"], row["answer"], row["to"]) == ("answered", "在三楼东侧", "安居物业")
    late = caller.post(f"/questions/{asked['question']}/withdraw", {})
    assert late.status_code == 409
    stranger = Caller(world.staff["other_secretary"])
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"/questions/{asked['question']}/extend", {}).status_code == 404


def test_who_steps_aside_does_not_come_near_it_again(world: World) -> None:
    world.staff["colleague"] = small.staff("colleague", "grid_worker", GRID)
    done = report()
    caller = Caller(world.staff["grid_worker"])
    path = f"/cases/{done.reference}/recusals"
    is_problem(caller.post(path, {**WHY, "reason": "lazy"}), 422, "reason")
    assert caller.post(path, WHY).status_code == 200
    move = {"data": {"result": "solved", "answer": "已修好"}}
    refused = caller.post(f"/matters/{done.reference}/moves/answer", move)
    assert 400 <= refused.status_code < 500
    done_by = Caller(world.staff["colleague"])
    assert done_by.post(f"/matters/{done.reference}/moves/answer", move).status_code == 200


def test_it_is_taken_back_by_who_may_order_it_and_still_listed(world: World) -> None:
    world.staff["colleague"] = small.staff("colleague", "grid_worker", GRID)
    done = report()
    caller = Caller(world.staff["grid_worker"])
    path = f"/cases/{done.reference}/recusals"
    told = caller.post(path, WHY).json()
    assert told["recused"] == [world.staff["grid_worker"].account]
    superior = Caller(world.staff["street_secretary"])
    (row,) = superior.get(path).json()
    assert (row["reason"], row["taken_back_at"]) == ("与这件事有利害关系", None)
    assert "words" not in row
    back = f"{path}/{row['id']}/take-back"
    why = {"words": "查明并无关系"}
    assert caller.post(back, why).status_code == 403
    is_problem(superior.post(back, {"words": ""}), 422, "words")
    assert superior.post(f"{path}/{row['id'] + 1}/take-back", why).status_code == 404
    seeing = Caller(world.staff["street_secretary"], "matters.see")
    assert seeing.post(back, why).status_code == 403
    assert superior.post(back, why).json()["recused"] == []
    assert superior.post(back, why).status_code == 409
    assert superior.get(path).json()[0]["taken_back_at"]
    move = {"data": {"result": "solved", "answer": "已修好"}}
    assert caller.post(f"/matters/{done.reference}/moves/answer", move).status_code == 200
    stranger = Caller(world.staff["other_secretary"])
    assert stranger.get(path).status_code == 404


def test_the_unit_complained_of_is_named_and_taken_away(world: World) -> None:
    done = report()
    caller = Caller(world.staff["community_secretary"])
    path = f"/matters/{done.reference}/accused"
    assert caller.post(path, {"organisation": 2**40}).status_code == 422
    assert caller.post(path, {"organisation": None}).status_code == 204
    assert Matter.objects.get(pk=done.matter).accused is None
