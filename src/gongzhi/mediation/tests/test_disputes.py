"""A dispute from the register to the review: parties, mediation, agreement, all of it sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from gongzhi.facts.models import FactRecord
from gongzhi.facts.queries import timeline
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.errors import GongzhiError, NotAllowed
from gongzhi.mediation import actions, queries
from gongzhi.mediation.choices import DISPUTE
from gongzhi.mediation.errors import RecordInvalid, RecordUnknown
from gongzhi.mediation.handlers import keep_for_a_time
from gongzhi.mediation.models import Dispute, Party, Reveal
from gongzhi.mediation.retention import dispute_days
from gongzhi.mediation.tests.support import ABOUT, NAMES, PHONE, go, mediate, register
from gongzhi.organisations.tests.support import OTHER_STREET
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.models import Case
from gongzhi.procedures.tests.support import GRID, STREET, World, desk, open_matter

TERMS = "赔两千元，七天内付清"


def agree(actor: Any, reference: str, **more: Any) -> None:
    today = clock.today()
    given = {"words": TERMS, "agreed_on": today, "due_on": today + timedelta(days=7), **more}
    actions.record_agreement(actor=actor, reference=reference, **given)


def review(actor: Any, reference: str, result: str = "kept") -> None:
    given: dict[str, Any] = {"held_on": clock.today(), "result": result, "words": "付了"}
    actions.record_review(actor=actor, reference=reference, **given)


def told_facts(reference: str) -> list[Any]:
    """Return the facts of a dispute that end it, twice: delivery is at least once."""
    case = Case.objects.get(reference=reference).pk
    return [one for one in timeline(case) if one.kind == "procedures.case_closed"] * 2


def detail(actor: Any, reference: str) -> queries.DisputeDetail:
    return queries.dispute_for(actor, queries.case_of(actor, reference, DISPUTE))


@pytest.mark.requirement("001-38")
def test_parties_mediation_agreement_and_review_are_on_record(world: World) -> None:
    worker = world.staff["community_worker"]
    reference = register(world, "grid_worker")
    assert go(worker, reference, "accept", "begin") == "mediate"
    mediate(worker, reference)
    assert go(worker, reference, "agree") == "agree"
    agree(worker, reference)
    assert go(worker, reference, "signed") == "review"
    review(worker, reference)
    assert go(worker, reference, "finish") == "settled"
    found = detail(worker, reference)
    assert found.about == ABOUT
    assert [one.name for one in found.parties] == ["甲**", "乙**"]
    assert found.parties[0].phone == "139****0001"
    assert [(one.led, one.words) for one in found.mediations] == [("丁演示", "双方同意找人来估价")]
    assert found.agreements[0].words == TERMS
    assert found.agreements[0].due_on == clock.today() + timedelta(days=7)
    assert [one.result for one in found.reviews] == ["已履行"]


def test_each_step_asks_for_its_record(world: World) -> None:
    worker = world.staff["community_worker"]
    reference = register(world)
    go(worker, reference, "accept", "begin")
    for move, data in (("agree", {}), ("fail", {"way": "court"})):
        with pytest.raises(GongzhiError, match="先记一次调解"):
            go(worker, reference, move, **data)
    mediate(worker, reference)
    go(worker, reference, "agree")
    with pytest.raises(GongzhiError, match="先登记协议"):
        go(worker, reference, "signed")
    agree(worker, reference)
    go(worker, reference, "signed")
    with pytest.raises(GongzhiError, match="先记一次回访"):
        go(worker, reference, "finish")


def test_an_agreement_that_was_broken_is_mediated_again(world: World) -> None:
    worker = world.staff["community_worker"]
    reference = register(world)
    go(worker, reference, "accept", "begin")
    mediate(worker, reference)
    go(worker, reference, "agree")
    agree(worker, reference)
    go(worker, reference, "signed")
    review(worker, reference, "broken")
    with pytest.raises(GongzhiError, match="没有履行"):
        go(worker, reference, "finish")
    assert go(worker, reference, "broken") == "mediate"
    with pytest.raises(GongzhiError, match="先记一次调解"):
        go(worker, reference, "agree")


def test_what_cannot_be_settled_goes_up_and_is_led_to_the_law(world: World) -> None:
    worker, officer = world.staff["community_worker"], world.staff["street_officer"]
    reference = register(world)
    go(worker, reference, "accept")
    assert go(worker, reference, "pass_up", pass_reason="tense") == "street"
    with pytest.raises(NotAllowed):
        mediate(worker, reference)
    mediate(officer, reference)
    assert go(officer, reference, "fail", way="court") == "guided"


def test_the_grid_mediates_what_it_was_given(world: World) -> None:
    worker, grid = world.staff["community_worker"], world.staff["grid_worker"]
    reference = register(world, "grid_worker")
    go(worker, reference, "accept", "to_grid")
    mediate(grid, reference)
    assert go(grid, reference, "agree") == "agree"


# --- what is entered -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"parties": (("甲演示", ""),)}, "name_2"),
        ({"parties": (("甲演示", ""), ("", PHONE))}, "name_2"),
        ({"parties": (("甲演示", "12"), ("乙演示", ""))}, "phone_1"),
        ({"kind": "nothing"}, "kind"),
        ({"about": " "}, "about"),
        ({"about": "长" * 3001}, "about"),
        ({"area": STREET}, "area"),
        ({"area": "999999999999"}, "area"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field(
    world: World, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(RecordInvalid) as refused:
        register(world, **more)
    assert [one.field for one in refused.value.problems] == [field]
    assert not Dispute.objects.exists()


def test_nothing_is_put_on_record_out_of_reach(world: World) -> None:
    with pytest.raises(NotAllowed):
        register(world, area=OTHER_STREET + "001")
    with pytest.raises(NotAllowed):
        register(world, "district_clerk")


def test_an_agreement_is_not_due_before_it_was_made(world: World) -> None:
    worker = world.staff["community_worker"]
    reference = register(world)
    go(worker, reference, "accept", "begin")
    mediate(worker, reference)
    go(worker, reference, "agree")
    with pytest.raises(RecordInvalid, match="早于"):
        agree(worker, reference, due_on=clock.today() - timedelta(days=1))
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(RecordInvalid, match="还没有到"):
        agree(worker, reference, agreed_on=tomorrow, due_on=None)


# --- sealed, masked, revealed, erased ---------------------------------------------------------
def everything_stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [str(one) for (one,) in cursor.fetchall()]
    return "\n".join(rows)


def test_no_name_no_phone_and_no_word_lies_open_in_any_table(world: World) -> None:
    worker = world.staff["community_worker"]
    reference = register(world)
    actions.add_party(actor=worker, reference=reference, name="戊演示", phone="13900000009")
    go(worker, reference, "accept", "begin")
    mediate(worker, reference)
    go(worker, reference, "agree")
    agree(worker, reference)
    stored = everything_stored()
    for secret in (*NAMES, PHONE, ABOUT, "戊演示", "13900000009", "丁演示", "估价", "赔两千元"):
        assert secret not in stored
        assert secret.encode().hex() not in stored
    assert Case.objects.get().title == "邻里纠纷"


def test_parties_are_shown_whole_for_a_reason_on_record(world: World) -> None:
    worker, secretary = world.staff["community_worker"], world.staff["community_secretary"]
    reference = register(world)
    for actor in (worker, secretary):
        shown = actions.reveal_parties(actor=actor, reference=reference, reason="contact")
        assert [one.name for one in shown] == list(NAMES)
        assert shown[0].phone == PHONE
    assert list(Reveal.objects.values_list("by", flat=True)) == [worker.account, secretary.account]
    kinds = FactRecord.objects.filter(kind="mediation.parties_revealed")
    assert [one.data["reason"] for one in kinds] == ["contact", "contact"]
    with pytest.raises(GongzhiError, match="理由"):
        actions.reveal_parties(actor=worker, reference=reference, reason="")


def test_who_sees_a_dispute_but_does_not_carry_it_sees_no_names(world: World) -> None:
    reference = register(world)
    grid = world.staff["grid_worker"]
    assert not detail(grid, reference).revealable
    with pytest.raises(NotAllowed):
        actions.reveal_parties(actor=grid, reference=reference, reason="contact")


def test_names_and_words_go_when_their_time_is_over(world: World) -> None:
    worker = world.staff["community_worker"]
    reference = register(world)
    go(worker, reference, "accept", "begin")
    mediate(worker, reference)
    go(worker, reference, "fail", way="court")
    keep_for_a_time(told_facts(reference))
    due = clock.today() + timedelta(days=dispute_days())
    assert Dispute.objects.get().keep_until == due
    assert actions.erase_expired(actor=SYSTEM) == 0
    with clock.travel_to(clock.now() + timedelta(days=dispute_days())):
        assert actions.erase_expired(actor=SYSTEM) == 1
        assert actions.erase_expired(actor=SYSTEM) == 0
    assert not Party.objects.exists()
    found = detail(worker, reference)
    assert found.erased
    assert (found.about, found.mediations[0].words, found.mediations[0].led) == ("", "", "")
    assert "已经删除" in desk(worker).get(f"/desk/cases/{reference}/").content.decode()


def test_an_open_dispute_is_kept(world: World) -> None:
    register(world)
    with clock.travel_to(clock.now() + timedelta(days=5000)):
        assert actions.erase_expired(actor=SYSTEM) == 0


def test_a_case_of_another_kind_is_no_dispute(world: World) -> None:
    worker = world.staff["community_worker"]
    matter = Case.objects.get(pk=open_matter()).reference
    for reference in (matter, "JQ-2611-99999-1", "x"):
        with pytest.raises(RecordUnknown):
            queries.case_of(worker, reference, DISPUTE)


@pytest.mark.parametrize("procedure", ["dispute", "counselling"])
def test_no_move_asks_for_words_that_would_lie_open(world: World, procedure: str) -> None:
    """What is written with a move, a pause, a question or an end lies unsealed in its record."""
    found = procedures.definition_of(procedures.current_version(procedure, GRID))
    asked = {field.type for move in found.moves for field in move.form}
    assert asked <= {"choice", "date"}
    assert (found.cancel, found.reopen, found.supervise, found.ask) == (None, None, None, None)
    assert all(stage.pause is None and not stage.objection for stage in found.stages.values())
