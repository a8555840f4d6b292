"""A report comes in, finds its place, is seen by those in reach, and judged by its reporter."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.queries import timeline
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM
from gongzhi.kernel.errors import InvalidInput, NotAllowed, NotFound
from gongzhi.matters import actions, queries
from gongzhi.matters.errors import (
    CategoryUnknown,
    MatterInvalid,
    MatterUnknown,
    PlaceUnknown,
    SecretWrong,
    VerdictNotDue,
)
from gongzhi.matters.models import Matter, Reporter
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import (
    COMMUNITY,
    DISTRICT,
    GRID,
    OTHER_GRID,
    PHONE,
    POINT,
    WORDS,
    report,
)
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.tests.support import World


def test_a_point_decides_the_grid_and_the_grid_worker_holds_it(world: World) -> None:
    found = report(area="", lon=POINT[0], lat=POINT[1])
    assert (found.area, found.stage) == (GRID, "grid")
    shown = queries.get_matter(world.staff["grid_worker"], found.reference)
    assert shown.title == "3号楼北侧消防通道每天晚上停满车，救护车进不来"
    assert shown.state.holdings[0].owner == f"grid_worker@{GRID}"
    assert shown.place.endswith("一网格")


def test_a_chosen_grid_without_a_worker_goes_to_its_community(world: World) -> None:
    found = report(area=OTHER_GRID)
    assert (found.area, found.stage) == (OTHER_GRID, "community")


def test_words_alone_are_taken_in_by_the_district(world: World) -> None:
    found = report(area="")
    assert (found.area, found.stage) == (DISTRICT, "intake")
    located = actions.locate_matter(
        actor=world.staff["district_clerk"], reference=found.reference, area=GRID
    )
    assert located.area == GRID
    moved = actions.move_matter(
        actor=world.staff["district_clerk"], reference=found.reference, move="to_grid", data={}
    )
    assert moved.holdings[0].owner == f"grid_worker@{GRID}"


WRONG: list[tuple[dict[str, Any], type[InvalidInput], str]] = [
    ({"words": "  "}, MatterInvalid, "words"),
    ({"words": "x" * 2001}, MatterInvalid, "words"),
    ({"words": "a\x00b"}, MatterInvalid, "words"),
    ({"words": "a\ud800b"}, MatterInvalid, "words"),
    ({"phone": "12345"}, MatterInvalid, "phone"),
    ({"channel": "pigeon"}, MatterInvalid, "channel"),
    ({"lon": 120.0}, MatterInvalid, "lat"),
    ({"lon": 181.0, "lat": 0.0}, MatterInvalid, "lon"),
    ({"lon": float("nan"), "lat": 0.0}, MatterInvalid, "lon"),
    ({"lon": 1.0, "lat": 2.0, "area": ""}, PlaceUnknown, "lon"),
    ({"area": "3206020010010"}, PlaceUnknown, "area"),
    ({"area": "320602001"}, PlaceUnknown, "area"),
    ({"area": "320602009009"}, PlaceUnknown, "area"),
    ({"area": "110101001001"}, PlaceUnknown, "area"),
    ({"category": "nothing"}, CategoryUnknown, "category"),
    ({"photos": (b"no picture",)}, InvalidInput, "photos"),
]


def test_what_cannot_be_taken_is_named_and_leaves_nothing(world: World) -> None:
    for more, error, field in WRONG:
        with pytest.raises(error) as caught:
            report(**more)
        assert [problem.field for problem in caught.value.problems] == [field]
        assert caught.value.problems[0].mend
        assert Matter.objects.count() == 0


def test_the_secret_is_kept_as_a_digest_only_and_opens_the_reporters_view(world: World) -> None:
    found = report(name="李明", phone=PHONE)
    kept = Matter.objects.get(pk=found.matter)
    assert len(found.secret) >= 43
    assert found.secret.encode() not in bytes(kept.secret_hash)
    view = queries.public_view(found.reference, found.secret)
    assert view.words == WORDS
    assert not view.may_rate
    for wrong in ("", found.secret[:-1], found.secret + "x", "x" * 5000, "秘密"):
        with pytest.raises(SecretWrong):
            queries.public_view(found.reference, wrong)
    with pytest.raises(SecretWrong):
        queries.public_view("CC-2601-00001-1", found.secret)


def test_the_code_alone_tells_where_it_stands_and_no_word_of_it(world: World) -> None:
    found = report(name="李明", phone=PHONE)
    told = str(queries.public_status(found.reference.lower()))
    assert found.reference in told
    assert "网格" in told
    assert "消防通道" not in told
    with pytest.raises(MatterUnknown):
        queries.public_status("CC-2601-00001-1")


def test_the_same_submission_twice_is_one_report(world: World) -> None:
    first = report(submit_key="k" * 40)
    second = report(submit_key="k" * 40)
    assert (second.reference, second.secret, second.again) == (first.reference, first.secret, True)
    assert Matter.objects.count() == 1


def test_anonymous_keeps_neither_name_nor_phone(world: World) -> None:
    found = report(name="李明", phone=PHONE, anonymous=True)
    assert not Reporter.objects.filter(matter=found.matter).exists()
    shown = queries.get_matter(world.staff["grid_worker"], found.reference).reporter
    assert (shown.name, shown.phone, shown.anonymous) == ("", "", True)


def test_the_reporter_is_sealed_masked_and_hidden_from_departments(world: World) -> None:
    found = report(name="李明", phone=PHONE)
    kept = Reporter.objects.get(matter=found.matter)
    assert "李明".encode() not in bytes(kept.name_sealed or b"")
    shown = queries.get_matter(world.staff["grid_worker"], found.reference).reporter
    assert (shown.name, shown.phone) == ("李**", "138****0417")
    _dispatch(world, found.reference)
    liaison = world.liaisons[world.departments[0]]
    hidden = queries.get_matter(liaison, found.reference).reporter
    assert hidden == queries.ReporterShown(hidden=True)
    with pytest.raises(NotAllowed):
        actions.reveal_reporter(actor=liaison, reference=found.reference, reason="contact")


def _dispatch(world: World, reference: str) -> None:
    steps = [("grid_worker", "pass_up"), ("community_worker", "pass_up")]
    for role, move in steps:
        actions.move_matter(
            actor=world.staff[role], reference=reference, move=move, data={"pass_reason": "超出"}
        )
    data = {"lead_organisation": world.departments[0], "instruction": "请办理"}
    actions.move_matter(
        actor=world.staff["street_officer"], reference=reference, move="dispatch", data=data
    )


def test_revealing_is_for_those_with_the_power_and_is_recorded(world: World) -> None:
    found = report(name="李明", phone=PHONE)
    with pytest.raises(NotAllowed):
        actions.reveal_reporter(
            actor=world.staff["grid_worker"], reference=found.reference, reason="contact"
        )
    secretary = world.staff["community_secretary"]
    with pytest.raises(InvalidInput):
        actions.reveal_reporter(actor=secretary, reference=found.reference, reason="curious")
    told = actions.reveal_reporter(actor=secretary, reference=found.reference, reason="contact")
    assert told == {"name": "李明", "phone": PHONE}
    fact = timeline(found.case)[-1]
    assert (fact.kind, fact.actor) == ("matters.reporter_revealed", secretary.account)
    assert PHONE not in str(fact)


def test_who_is_out_of_scope_sees_nothing_on_any_path(world: World) -> None:
    found = report(lon=POINT[0], lat=POINT[1])
    other = world.staff["other_secretary"]
    for actor in (other, ANONYMOUS, world.liaisons[world.departments[0]]):
        assert queries.list_matters(actor).items == ()
        assert queries.visible_to(actor).count() == 0
        assert queries.counts(actor).total == 0
        assert found.reference.encode() not in queries.points_geojson(actor)
        with pytest.raises(MatterUnknown):
            queries.get_matter(actor, found.reference)
        with pytest.raises(NotFound):
            actions.move_matter(actor=actor, reference=found.reference, move="answer", data={})
    assert len(list(queries.export_rows(other))) == 1
    with pytest.raises(NotAllowed):
        queries.export_rows(ANONYMOUS)
    inside = world.staff["community_secretary"]
    assert [row.reference for row in queries.list_matters(inside).items] == [found.reference]
    assert found.reference.encode() in queries.points_geojson(inside)
    assert len(list(queries.export_rows(inside))) == 2


def test_filters_narrow_and_wrong_ones_are_named(world: World) -> None:
    first, second = report(), report(words="路灯坏了三盏", category="lighting-street")
    clerk = world.staff["district_clerk"]

    def found(**filters: object) -> list[str]:
        page = queries.list_matters(clerk, queries.Filters(**filters))  # type: ignore[arg-type]
        return [row.reference for row in page.items]

    assert found() == [second.reference, first.reference]
    assert found(text="消防通道") == [first.reference]
    assert found(category="lighting") == [second.reference]
    assert found(category="facility") == [second.reference]
    assert found(area=COMMUNITY, stage="grid", status="open") == [first.reference, second.reference]
    assert found(status="closed") == found(light="late") == found(mine=True) == []
    assert found(channel="phone") == found(area=OTHER_GRID) == []
    worker = queries.list_matters(world.staff["grid_worker"], queries.Filters(mine=True))
    assert len(worker.items) == 2
    for field, value in (("status", "half"), ("light", "blue"), ("area", "12x"), ("text", "\x00")):
        with pytest.raises(InvalidInput) as caught:
            found(**{field: value})
        assert caught.value.problems[0].field == field


def test_the_verdict_closes_or_brings_it_back(world: World) -> None:
    for solved, status, kept in ((True, "closed", "solved"), (False, "open", "unsolved")):
        found = report()
        with pytest.raises(VerdictNotDue):
            _judge(found.reference, found.secret, solved)
        actions.move_matter(
            actor=world.staff["grid_worker"],
            reference=found.reference,
            move="answer",
            data={"result": "solved", "answer": "已划线"},
        )
        assert queries.public_view(found.reference, found.secret).may_rate
        with pytest.raises(SecretWrong):
            _judge(found.reference, "x" * 43, solved)
        state = _judge(found.reference, found.secret, solved)
        assert state.status == status
        view = queries.public_view(found.reference, found.secret)
        assert (view.solved, view.satisfaction, view.may_rate) == (kept, "satisfied", False)
        kinds = [fact.kind for fact in timeline(found.case)]
        assert kinds.count("matters.verdict_given") == 1
        with pytest.raises(VerdictNotDue):
            _judge(found.reference, found.secret, solved)


def _judge(reference: str, secret: str, solved: bool) -> CaseState:
    return actions.give_verdict(
        actor=ANONYMOUS,
        reference=reference,
        secret=secret,
        solved=solved,
        satisfaction="satisfied",
        words="谢谢",
    )


def test_recent_matters_in_public_name_no_grid_and_no_words(world: World) -> None:
    report(name="李明", phone=PHONE)
    told = queries.recent_public()
    assert told[0].title == "一街道 · 一社区 · 停车秩序"
    assert "消防" not in str(told)


def test_reports_and_lists_take_few_statements(world: World) -> None:
    report()
    with CaptureQueriesContext(connection) as taken:
        report(lon=POINT[0], lat=POINT[1], name="李明", phone=PHONE)
    plain = [q["sql"] for q in taken]
    ours = [sql for sql in plain if "matters_" in sql or "areas_shape" in sql]
    assert len(ours) == 4, "\n".join(plain)
    assert len([sql for sql in plain if "fact" not in sql and "SAVEPOINT" not in sql]) <= 8
    clerk = world.staff["district_clerk"]
    for _size in (2, 4):
        with CaptureQueriesContext(connection) as taken:
            queries.list_matters(clerk)
        assert len(taken) <= 6, "\n".join(q["sql"] for q in taken)
        report()
        report()


def test_the_category_table_is_versioned_and_loaded_once(world: World, tmp_path: object) -> None:
    before = queries.category_book()
    again = actions.load_categories(actor=SYSTEM, file=support.BASE / "categories.csv")
    assert (again.number, again.changed) == (before.number, False)
    assert {one.level for one in before.categories.values()} == {1, 2, 3}
    assert queries.suggest("三号楼北侧消防通道停满车") in ("parking", "parking-lane")
