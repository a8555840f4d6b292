"""Races on real connections: who waits for whom is forced, so each test fails without its lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.choices import SUBJECTS, Subject, register_subject
from gongzhi.procedures.definition import Definition, parse
from gongzhi.procedures.models import Case, ProcedureVersion, WorkItem
from gongzhi.procedures.tests.support import MOMENT, World, build_world, days, make, open_matter

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20.0

FAN = """
procedure: fan
name: 分头办理
subject: matters.matter
public: {name: 分头办理, shows: [stage]}
fields:
  units: {label: 承办单位, type: organisations}
stages:
  send:
    name: 派发
    owner: {role: street_officer, level: street}
    due: 1 workday
  work:
    name: 分头办理
    owner: {fan_out: units}
    join: all
    due: 3 workdays
moves:
  - {id: fan_out, from: send, to: work, name: 派发, form: [units!]}
  - {id: finish, from: work, to: done, name: 办好, form: [note]}
outcomes:
  done: {name: 已办好, kind: solved}
"""


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """The small district, committed, so that every connection sees it."""
    queries.forget_versions()
    if "matters.matter" not in SUBJECTS:
        register_subject(Subject("matters.matter", "matters.see", "matters.handle"))
    yield build_world()
    queries.forget_versions()


def waiting() -> int:
    """Return how many connections of this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def together(
    calls: list[Callable[[], Any]], lock: str, params: list[Any], *, waiters: int | None = None
) -> list[Any]:
    """Let *calls* run in threads up to a row that is held here, then let them all go.

    Answers what each returned, or the exception it raised, in the order of *calls*.
    """
    answers: list[Any] = [None] * len(calls)

    def run(place: int) -> None:
        close_old_connections()
        try:
            answers[place] = calls[place]()
        except Exception as error:  # noqa: BLE001 - the answer of the race is what is asked
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(lock, params)
        for thread in threads:
            before = waiting()
            thread.start()
            _until(lambda n=before, t=thread: waiting() > n or not t.is_alive())  # type: ignore[misc]
        _until(lambda: waiting() >= (waiters or 0))
    for thread in threads:
        thread.join(PATIENCE)
    return answers


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached() and time.monotonic() < end:
        time.sleep(0.01)


HOLD_CASE = "SELECT 1 FROM procedures_case WHERE id = %s FOR UPDATE"
HOLD_ITEMS = "SELECT 1 FROM procedures_workitem WHERE case_id = %s FOR UPDATE"
HOLD_ITEMS_OF_ALL = "SELECT 1 FROM procedures_workitem WHERE case_id = ANY(%s) FOR UPDATE"
# Readers pass, writers wait.
HOLD_VERSIONS = "LOCK TABLE procedures_procedureversion IN SHARE MODE"


def test_two_officers_move_one_case_and_one_wins(world: World) -> None:
    """Fails (both move) when `AND revision = %(revision)s` is taken out of move_case.sql."""
    case = open_matter(first_move="to_grid")
    worker = world.staff["grid_worker"]

    def press(move: str, data: dict[str, Any]) -> Callable[[], Any]:
        return lambda: actions.move_case(actor=worker, case=case, move=move, data=data)

    answers = together(
        [
            press("pass_up", {"pass_reason": "请协调"}),
            press("answer", {"result": "solved", "answer": "已挪车"}),
            press("pass_up", {"pass_reason": "请协调"}),
        ],
        HOLD_CASE,
        [case],
        waiters=3,
    )
    lost = [one for one in answers if isinstance(one, errors.CaseMoved)]
    assert len(lost) == 2, answers
    moved = [f for f in facts_of(case) if f.kind == "procedures.moved" and f.actor]
    assert len(moved) == 1
    assert WorkItem.objects.filter(case_id=case, done_at=None).count() == 1
    assert Case.objects.get(pk=case).visit == 3


def test_two_workers_claim_one_item_and_one_gets_it(world: World) -> None:
    """Fails (the last one gets it) when `claimed_by=None` is taken out of claim_item's filter."""
    from gongzhi.organisations import queries as organisations
    from gongzhi.organisations.tests import support as small
    from gongzhi.procedures.tests.support import GRID

    second = small.person("second_worker", GRID)
    small.give(second, "grid_worker", GRID)
    workers = [world.staff["grid_worker"], organisations.actor_for(second)]
    case = open_matter(first_move="to_grid")
    item = queries.case_state(case).holdings[0].id
    answers = together(
        [lambda w=worker: actions.claim_item(actor=w, item=item) for worker in workers],  # type: ignore[misc]
        HOLD_ITEMS,
        [case],
        waiters=2,
    )
    assert sum(isinstance(one, errors.ItemTaken) for one in answers) == 1, answers
    claimed = [f.data["account"] for f in facts_of(case) if f.kind == "procedures.item_claimed"]
    assert claimed == [WorkItem.objects.get(pk=item).claimed_by_id]


def test_a_pause_never_falls_on_a_case_that_has_just_moved(world: World) -> None:
    """Fails (the two wait for each other) when hold_case is taken out of rule_pause."""
    case = open_matter(first_move="to_grid")
    worker, secretary = world.staff["grid_worker"], world.staff["street_secretary"]
    actions.ask_pause(actor=worker, case=case, workdays=2, reason="等配件")
    moved, ruled = together(
        [
            lambda: actions.move_case(
                actor=worker, case=case, move="pass_up", data={"pass_reason": "请协调"}
            ),
            lambda: actions.rule_pause(actor=secretary, case=case, approved=True),
        ],
        HOLD_CASE,
        [case],
        waiters=2,
    )
    assert isinstance(moved, queries.CaseState), moved
    assert isinstance(ruled, errors.NotYours | errors.ItemTaken), ruled
    state = queries.case_state(case)
    assert (state.stage, state.paused_at) == ("community", None)


def _fan(world: World) -> int:
    definition: Definition = parse(FAN, file="fan.yaml")
    actions.publish_procedure(actor=SYSTEM, definition=definition)
    case = open_matter(procedure="fan")
    units = world.departments[:2]
    actions.move_case(
        actor=world.staff["street_officer"], case=case, move="fan_out", data={"units": units}
    )
    return case


def test_the_last_two_of_equal_parts_close_the_case_once(world: World) -> None:
    """Fails (both end only their part, the commit is refused) without hold_case in move_case."""
    case = _fan(world)
    answers = together(
        [
            lambda u=unit: actions.move_case(  # type: ignore[misc]
                actor=world.liaisons[u], case=case, move="finish", data={"note": "好了"}
            )
            for unit in world.departments[:2]
        ],
        HOLD_ITEMS,
        [case],
        waiters=2,
    )
    assert all(isinstance(one, queries.CaseState) for one in answers), answers
    assert Case.objects.get(pk=case).outcome == "done"
    kinds = [f.kind for f in facts_of(case)]
    assert kinds.count("procedures.case_closed") == 1
    assert kinds.count("procedures.part_closed") == 1


def test_two_clocks_wake_each_case_once(world: World) -> None:
    """Fails (the second wakes a case that has closed) without FOR UPDATE SKIP LOCKED in timers."""
    with clock.travel_to(MOMENT):
        cases = [open_matter(first_move="to_grid") for _number in range(6)]
        for case in cases:
            make(world, case, "answer")

    def wake() -> int:
        with clock.travel_to(MOMENT + days(8)):
            return actions.fire_timers(actor=SYSTEM)

    woken = together([wake, wake], HOLD_ITEMS_OF_ALL, [cases], waiters=2)
    assert sum(woken) == len(cases), woken
    for case in cases:
        closed = [f for f in facts_of(case) if f.kind == "procedures.case_closed"]
        assert [f.data["outcome"] for f in closed] == ["unrated"]


def test_two_publishers_make_one_version(world: World) -> None:
    """Fails (a number given twice) without the advisory lock in publish_procedure."""
    definition = parse(FAN, file="fan.yaml")
    answers = together(
        [lambda: actions.publish_procedure(actor=SYSTEM, definition=definition)] * 2,
        HOLD_VERSIONS,
        [],
        waiters=2,
    )
    assert sorted(answers) == [False, True]
    assert ProcedureVersion.objects.filter(procedure="fan").count() == 1


def test_cases_opened_at_once_get_numbers_of_their_own(world: World) -> None:
    """Numbers come from a sequence, so cases opened side by side never share one."""
    opened = together([open_matter] * 6, "SELECT 1", [])
    references = set(Case.objects.filter(pk__in=opened).values_list("reference", flat=True))
    assert len(references) == 6
