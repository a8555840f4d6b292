"""What is learned from closed matters: suggested with its reason, measured, never applied."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from gongzhi.kernel import held
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import NotAllowed
from gongzhi.matters import actions, queries
from gongzhi.matters.errors import TooLittleToLearn
from gongzhi.matters.learning import Learned, packed, unpacked
from gongzhi.matters.models import Matter, SuggestionModel
from gongzhi.matters.tests.support import GRID, WORDS, Caller, is_problem, report
from gongzhi.matters.tests.test_pages_matters import desk, text, visitor
from gongzhi.procedures.models import Case
from gongzhi.procedures.tests.support import World

KINDS = {
    "lighting-street": ("路灯", "灯泡", "黑", "亮"),
    "sanitation-rubbish": ("垃圾", "桶", "臭", "清运"),
    "animals-dogs": ("遛狗", "牵绳", "大狗", "吠"),
}
ENDS = ("已经好几天", "晚上出门害怕", "希望尽快处理", "跟物业说过没人管", "孩子路过")


@action
def close(*, actor: Actor) -> None:
    """Let every case be closed as solved, without walking each way."""
    from gongzhi.kernel import clock
    from gongzhi.procedures.models import WorkItem

    now = clock.now()
    WorkItem.objects.filter(done_at=None).update(done_at=now)
    Case.objects.filter(status="open").update(
        status="closed",
        outcome="solved",
        outcome_kind="solved",
        closed_at=now,
        clock_at=None,
        wake_at=None,
    )


def closed_matters(each: int = 15) -> None:
    for code, words in KINDS.items():
        for n in range(each):
            told = f"{words[n % 4]}{words[(n + 1) % 4]}，{n}栋{ENDS[n % 5]}"
            report(words=told, category=code)
    close(actor=SYSTEM)


@pytest.fixture
def trained(world: World) -> Any:
    closed_matters()
    return actions.train_suggestions(actor=SYSTEM)


def test_before_anything_is_learned_hints_suggest_with_their_reason(world: World) -> None:
    first = queries.suggestions("3号楼路灯不亮")[0]
    assert (first.code, first.learned) == ("lighting-street", False)
    assert "路灯" in first.reasons
    assert queries.suggestions("？？") == []
    assert queries.measured() is None
    assert queries.likely_organisations("lighting-street") == []


def test_learned_from_closed_matters_and_measured_on_those_held_out(trained: Any) -> None:
    figures = trained.measured
    assert (figures["matters"], figures["categories"], figures["held_out"]) == (45, 3, 9)
    assert sum(row[0] for row in figures["by_category"].values()) == 9
    assert figures["first"] == 1.0
    assert 0 <= figures["hints_first"] <= 1
    found = queries.suggestions("楼下有人遛大狗不牵绳")
    assert (found[0].code, found[0].learned) == ("animals-dogs", True)
    assert set(found[0].reasons) & {"遛狗", "大狗", "牵绳"}
    assert queries.measured() is not None


def test_words_that_were_never_seen_fall_back_to_the_hints(trained: Any) -> None:
    assert queries.suggestions("电梯困人") == [
        one for one in queries.suggestions("电梯困人") if not one.learned
    ]


def test_one_persons_words_are_not_kept(world: World) -> None:
    closed_matters()
    report(words="张三丰家的路灯", category="lighting-street")
    close(actor=SYSTEM)
    actions.train_suggestions(actor=SYSTEM)
    kept = unpacked(bytes(SuggestionModel.objects.get().content))
    assert "三丰" not in kept.vocabulary
    assert "路灯" in kept.vocabulary


def test_training_again_makes_a_new_version_and_keeps_the_last_few(trained: Any) -> None:
    for _n in range(6):
        again = actions.train_suggestions(actor=SYSTEM)
    assert again.number == 7
    assert SuggestionModel.objects.count() == 5
    first, last = SuggestionModel.objects.order_by("number").values_list("digest", flat=True)[:2]
    assert first == last  # the same matters teach the same


def test_too_little_is_refused_and_only_administrators_train(world: World) -> None:
    with pytest.raises(TooLittleToLearn):
        actions.train_suggestions(actor=SYSTEM)
    with pytest.raises(NotAllowed):
        actions.train_suggestions(actor=world.staff["district_clerk"])


def test_two_kinds_alone_are_told_apart(world: World) -> None:
    for code in ("lighting-street", "animals-dogs"):
        for n in range(6):
            report(words="".join(KINDS[code][: 2 + n % 2]), category=code)
    close(actor=SYSTEM)
    actions.train_suggestions(actor=SYSTEM)
    assert queries.suggestions("路灯不亮")[0].code == "lighting-street"
    assert queries.suggestions("大狗没牵绳")[0].code == "animals-dogs"


def test_kept_and_read_again_it_guesses_the_same() -> None:
    learned = Learned(
        ("a", "b"),
        {"路灯": 0, "垃圾": 1},
        np.ones(2, dtype=np.float32),
        np.array([[2, -2], [-2, 2]], dtype=np.float32),
        np.zeros(2, dtype=np.float32),
    )
    again = unpacked(packed(learned))
    assert again.guesses("路灯坏了") == learned.guesses("路灯坏了")
    assert again.guesses("路灯坏了")[0].reasons == ("路灯",)
    assert again.guesses("x") == []


def test_asking_needs_no_library_of_training() -> None:
    code = (
        "import sys, django; django.setup(); import gongzhi.matters.queries.suggestions;"
        "import gongzhi.matters.actions; assert 'sklearn' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_residents_see_it_with_its_reason_before_they_send(trained: Any, world: World) -> None:
    client = visitor()
    client.post(reverse("matters:report"), {"words": "3号楼路灯黑"})
    client.post(reverse("matters:report_where"), {"area": ["320602001", "320602001001", GRID]})
    client.post(reverse("matters:report_similar"), {"other": "1"})
    page = text(client.get(reverse("matters:report_contact")))
    assert "提到“路灯" in page
    assert re.search(r'value="lighting-street"[^>]*checked', page)
    key = re.search(r'name="key" value="([0-9a-f]{64})"', page)
    assert key
    client.post(reverse("matters:report_contact"), {"key": key[1], "category": ""})
    assert Matter.objects.latest("pk").category == ""


def test_what_was_chosen_of_it_is_kept(world: World) -> None:
    client = visitor()
    client.post(reverse("matters:report"), {"words": WORDS})
    client.post(reverse("matters:report_where"), {"skip": "1"})
    code = queries.suggestions(WORDS)[0].code
    bad = client.post(reverse("matters:report_contact"), {"category": "nonsense"})
    assert "field-error" in text(bad)
    client.post(reverse("matters:report_contact"), {"category": code})
    assert Matter.objects.get().category == code


def test_who_handled_such_matters_is_shown_to_staff(world: World) -> None:
    done = report(words="路灯不亮", category="lighting-street")
    for who, move, data in (
        ("grid_worker", "pass_up", {"pass_reason": "管不了"}),
        ("community_worker", "pass_up", {"pass_reason": "管不了"}),
        (
            "street_officer",
            "dispatch",
            {"lead_organisation": world.departments[0], "instruction": "请办"},
        ),
    ):
        actions.move_matter(actor=world.staff[who], reference=done.reference, move=move, data=data)
    closed_matters()
    actions.train_suggestions(actor=SYSTEM)
    held.forget_all()
    likely = queries.likely_organisations("lighting-street")
    assert [(one.id, one.handled, one.of) for one in likely] == [(world.departments[0], 1, 16)]
    fresh = report(words="路灯不亮", category="lighting-street")
    page = text(
        desk(world, "street_officer").get(reverse("matters:several", args=[fresh.reference]))
    )
    assert "这类事项以往由谁办" in page
    assert "部门0" in page


def test_the_dispatch_form_names_who_did_such_work_and_chooses_nobody(world: World) -> None:
    done = report(words="路灯不亮", category="lighting-street")
    up = (
        ("grid_worker", "pass_up", {"pass_reason": "管不了"}),
        ("community_worker", "pass_up", {"pass_reason": "管不了"}),
    )
    given = {"lead_organisation": world.departments[1], "instruction": "请办"}
    for who, move, data in (*up, ("street_officer", "dispatch", given)):
        actions.move_matter(actor=world.staff[who], reference=done.reference, move=move, data=data)
    closed_matters()
    actions.train_suggestions(actor=SYSTEM)
    held.forget_all()
    fresh = report(words="路灯不亮", category="lighting-street")
    for who, move, data in up:
        actions.move_matter(actor=world.staff[who], reference=fresh.reference, move=move, data=data)
    officer, path = (
        desk(world, "street_officer"),
        reverse("procedures:case", args=[fresh.reference]),
    )
    page = text(officer.get(path))
    form = page[page.index('name="lead_organisation"') :].split("</select>")[0]
    assert form.index("以往办过这类事的") < form.index("部门1（16件里1件）")
    assert form.index("部门1（16件") < form.index("全部单位") < form.index("部门0")
    assert "selected" not in form.partition("</option>")[2]
    assert "派给谁由您定" in page
    send = {"instruction": "请办", "revision": ""}
    refused = officer.post(reverse("procedures:move", args=[fresh.reference, "dispatch"]), send)
    assert "form-errors" in text(refused), "nothing is dispatched to whom nobody has chosen"
    assert "以往办过这类事的" in text(refused)


def test_the_same_by_the_interface(trained: Any, world: World) -> None:
    clerk = Caller(world.staff["district_clerk"])
    answer = clerk.get("/suggestions", words="路灯不亮").json()
    assert answer["categories"][0]["code"] == "lighting-street"
    assert answer["categories"][0]["reasons"]
    is_problem(clerk.get("/suggestions", words="路" * 2001), 422)
    assert Caller().get("/suggestions", words="路灯").status_code == 401
