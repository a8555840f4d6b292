"""Each fact counts exactly once, whatever dies in between; verify finds what is otherwise."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gongzhi.facts import actions as facts
from gongzhi.facts import queries as log
from gongzhi.facts.models import DeadLetter, FactRecord, Reader
from gongzhi.indicators import actions, reckoning
from gongzhi.indicators.book import book
from gongzhi.indicators.choices import READER
from gongzhi.indicators.models import Card, Tally
from gongzhi.indicators.queries import differences
from gongzhi.indicators.tests import support as given
from gongzhi.indicators.tests.support import DISTRICT, tally
from gongzhi.kernel.action import BATCHES, HANDLERS, action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.held import forget_all
from gongzhi.matters.tests import support as matters
from gongzhi.messages.actions import retry_fact
from gongzhi.messages.errors import LetterUnknown
from gongzhi.procedures.tests.racing import until, waiting
from gongzhi.procedures.tests.support import World


@action
def _plant(*, actor: Actor, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def settled(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    """Build the district in the open, so that the relay can read what has been committed."""
    settings.MEDIA_ROOT = tmp_path
    forget_all()
    with given.at():
        world = matters.build()
        facts.enrol_readers(actor=SYSTEM)
        # The log is never emptied: what other tests have left is behind the reader's place.
        newest = FactRecord.objects.order_by("-id").values_list("id", flat=True).first() or 0
        _plant(
            actor=SYSTEM,
            sql=f"UPDATE fact_reader SET fact = {newest}, xid = pg_current_xact_id()::text"
            f" WHERE name = '{READER}'",
        )
        yield world


def _relay() -> None:
    """Let the figures read on, as the job does every second, until they have caught up."""
    for _try in range(200):
        facts._read_on(actor=SYSTEM, name=READER, end=log.settled(), limit=500)
        newest = FactRecord.objects.order_by("-id").values_list("id", flat=True)[0]
        if Reader.objects.get(name=READER).fact >= newest:
            return
    raise AssertionError("the reader does not catch up")


def test_after_one_run_of_the_relay_the_figures_are_there(settled: World) -> None:
    given.solved(settled)
    _relay()
    assert (tally("received"), tally("closed")) == (1, 1)
    # What counts facts, not cases, would tell of a fact that was read twice.
    assert tally("moves", cut="m", key="matter/grid/answer/grid_worker") == 1


def test_a_reader_that_dies_before_its_commit_counts_nothing_and_then_everything(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place and the tallies stand in one transaction.

    Seen failing (one received although the place was not kept) with `_read_on` no longer an
    action, so that the tallies were committed by themselves.
    """

    class Killed(BaseException):
        pass

    def die(*_given: object, **_named: object) -> None:
        raise Killed

    given.solved(settled)
    monkeypatch.setattr(facts, "_keep_place", die)
    for _time in range(3):
        with pytest.raises(Killed):
            _relay()
        assert tally("received") == 0
    monkeypatch.undo()
    _relay()
    assert (tally("received"), tally("closed")) == (1, 1)
    given.solved(settled)
    _relay()
    _relay()
    assert (tally("received"), tally("closed")) == (2, 2)
    assert Card.objects.count() == 2


def test_of_a_batch_that_fails_only_the_fact_at_fault_becomes_a_dead_letter(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given.solved(settled)
    bad = FactRecord.objects.filter(kind="matters.classified").count()
    assert bad == 0
    found = given.report()
    poison = FactRecord.objects.filter(case_id=found.case, kind="matters.reported").get().id
    count = reckoning.reckon

    def reckon(told: Any, *more: Any) -> None:
        told = list(told)
        if any(one.id == poison for one in told):
            raise ValueError("poison")
        count(told, *more)

    monkeypatch.setattr(reckoning, "reckon", reckon)
    for _time in range(facts.TRIES):
        _plant(actor=SYSTEM, sql="UPDATE fact_reader SET retry_at = NULL")
        facts._read_on(actor=SYSTEM, name=READER, end=log.settled(), limit=500)
    _relay()
    assert [one.fact for one in DeadLetter.objects.filter(reader=READER)] == [poison]
    assert tally("closed") == 1


def _given_up(settled: World) -> DeadLetter:
    """Return the letter of a fact that the figures gave up."""
    found = given.report()
    fact = FactRecord.objects.get(case_id=found.case, kind="matters.reported")

    @action
    def give_up(*, actor: Actor) -> None:
        told = {"fact": fact.id, "kind": fact.kind, "error": "?", "at": fact.at}
        DeadLetter.objects.bulk_create([DeadLetter(reader=READER, **told)])

    give_up(actor=SYSTEM)
    return DeadLetter.objects.get(fact=fact.id)


def test_a_fact_handed_over_by_a_person_waits_for_the_batch_being_counted(settled: World) -> None:
    """Both change the same cards and tallies, from what they found.

    Seen failing (it does not wait) without `hold_reader` in `retry_fact`.
    """
    letter = _given_up(settled)
    done: list[Any] = []

    def retry() -> None:
        try:
            retry_fact(actor=SYSTEM, letter=letter.pk)
            done.append("taken")
        except Exception as error:  # noqa: BLE001  # asked for below
            done.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=retry)

    @action
    def count(*, actor: Actor) -> bool:
        facts.hold_reader(actor=actor, name=READER)
        thread.start()
        until(lambda: waiting() > 0 or bool(done))
        return bool(done)

    assert not count(actor=SYSTEM)
    thread.join(30)
    assert done == ["taken"]
    assert DeadLetter.objects.get(pk=letter.pk).settled_at is not None


def test_who_reads_from_the_beginning_has_given_up_nothing_yet(settled: World) -> None:
    """It is read with the rest: handed over by a person as well it would count twice."""
    letter = _given_up(settled)
    facts.start_again(actor=SYSTEM, name=READER)
    assert not DeadLetter.objects.filter(pk=letter.pk).exists()
    with pytest.raises(LetterUnknown):
        retry_fact(actor=SYSTEM, letter=letter.pk)


# Another count on the fourth of the month, the Wednesday of the tests.
_CLOSED_MORE = (
    "UPDATE indicators_month SET n = indicators_added(n, indicators_summed(ARRAY[4], ARRAY[{}]))"
    f" WHERE measure = 'closed' AND area = '{DISTRICT}' AND cut = 't'"
)


def test_verify_is_clean_and_finds_what_is_planted(world: World) -> None:
    given.solved(world)
    given.answered(world)
    given.catch_up()
    _as_read(world)
    assert _found() == []
    _plant(actor=SYSTEM, sql=_CLOSED_MORE.format(1))
    assert _found() == [f"tally closed {DISTRICT} 2026-03-04 t: 2 ≠ 1"]
    _plant(actor=SYSTEM, sql=_CLOSED_MORE.format(-1))
    case = Card.objects.filter(is_open=True, procedure="matter").values_list("case", flat=True)[0]
    _plant(actor=SYSTEM, sql=f'UPDATE indicators_card SET late = true WHERE "case" = {case}')
    assert [line for line in _found() if line.startswith("card")] == [
        f"card {case}: late True ≠ False"
    ]


def _found() -> list[str]:
    """Return the differences of this test's own cases: the log holds those of other tests."""
    mine = set(FactRecord.objects.filter(id__gt=given.begun()).values_list("case_id", flat=True))
    return [
        line
        for line in differences()
        if not line.startswith("card ") or int(line.split()[1].rstrip(":")) in mine
        if not (line.startswith("tally") and ("moves" in line or "followed" in line))
        if not line.startswith("tally whistles")
    ]


def _as_read(world: World) -> None:
    assert world
    newest = FactRecord.objects.order_by("-id").values_list("id", flat=True)[0]
    facts.enrol_readers(actor=SYSTEM)
    _plant(
        actor=SYSTEM,
        sql="UPDATE fact_reader SET xid = (SELECT max(xid::text::bigint) FROM fact)::text,"
        f" fact = {newest} WHERE name = '{READER}'",
    )


def test_counting_anew_begins_at_the_first_fact(world: World) -> None:
    given.solved(world)
    given.catch_up()
    _as_read(world)
    actions.recount(actor=SYSTEM)
    assert not Tally.objects.exists()
    assert Reader.objects.get(name=READER).fact == 0


def test_the_figures_are_read_in_batches() -> None:
    (handler,) = [one for one in BATCHES if facts.handler_name(one) == READER]
    assert all(handler in HANDLERS[kind] for kind in (*reckoning.KINDS, *book().of_facts()))
