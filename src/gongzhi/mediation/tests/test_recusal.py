"""Who stands aside from a dispute or a consultation carries it no more, and reads nothing of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import NotAllowed
from gongzhi.mediation import actions, queries
from gongzhi.mediation.choices import CONSULTATION, DISPUTE
from gongzhi.mediation.handlers import keep_for_a_time
from gongzhi.mediation.retention import dispute_days
from gongzhi.mediation.tests.support import (
    ABOUT,
    TROUBLE,
    consult,
    go,
    mediate,
    register,
)
from gongzhi.mediation.tests.test_disputes import everything_stored, told_facts
from gongzhi.organisations.tests import support as small
from gongzhi.procedures.actions import order_recusal, recuse_oneself, take_back_recusal
from gongzhi.procedures.errors import RecusalRefused
from gongzhi.procedures.models import Recusal
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.tests.support import COMMUNITY, STREET, World, desk

WHY: dict[str, Any] = {"reason": "relative", "words": "甲演示是我表哥"}
KNOWN: dict[str, Any] = {"reason": "acquainted", "words": "丙演示是我同学"}


def state_of(actor: Actor, reference: str, subject: str = DISPUTE) -> CaseState:
    return queries.case_of(actor, reference, subject)


@pytest.fixture
def mediated(world: World) -> str:
    """A dispute that the community mediates, with one mediation on record."""
    reference = register(world)
    go(world.staff["community_worker"], reference, "accept", "begin")
    mediate(world.staff["community_worker"], reference)
    return reference


def test_the_mediator_steps_aside_on_the_page_and_the_secretary_goes_on(
    world: World, mediated: str
) -> None:
    worker, secretary = world.staff["community_worker"], world.staff["community_secretary"]
    client, where = desk(worker), f"/desk/cases/{mediated}/"
    assert ABOUT in client.get(where).content.decode()
    after = client.post(f"{where}steps/recuse/", WHY, follow=True).content.decode()
    assert "您已回避，看不到当事人和内容" in after
    assert "不再经办，也看不到当事人和内容" in after
    for words in (ABOUT, "甲**", "139****0001", "双方同意", "记一次调解", "反映人"):
        assert words not in after
    found = queries.dispute_for(worker, state_of(worker, mediated))
    assert (found.parties, found.mediations, found.wanted) == ((), (), frozenset())
    for call in (
        lambda: mediate(worker, mediated),
        lambda: actions.add_party(actor=worker, reference=mediated, name="戊演示"),
        lambda: actions.reveal_parties(actor=worker, reference=mediated, reason="contact"),
    ):
        with pytest.raises(NotAllowed):
            call()
    (held,) = state_of(secretary, mediated).holdings
    assert held.owner == f"community_secretary@{COMMUNITY}"
    mediate(secretary, mediated)
    assert go(secretary, mediated, "agree") == "agree"
    assert len(queries.dispute_for(secretary, state_of(secretary, mediated)).mediations) == 2


def test_a_post_that_may_reveal_does_not_help_whom_it_concerns(world: World, mediated: str) -> None:
    secretary, superior = world.staff["community_secretary"], world.staff["street_secretary"]
    worker = world.staff["community_worker"]
    state = state_of(worker, mediated)
    recuse_oneself(actor=worker, case=state.id, **WHY)
    order_recusal(actor=superior, case=state.id, account=secretary.account or 0, **WHY)
    assert not queries.dispute_for(secretary, state_of(secretary, mediated)).revealable
    with pytest.raises(NotAllowed):
        actions.reveal_parties(actor=secretary, reference=mediated, reason="contact")
    (held,) = state_of(superior, mediated).holdings
    assert held.owner == f"street_secretary@{STREET}"


def test_taken_back_the_record_is_read_again(world: World, mediated: str) -> None:
    worker, superior = world.staff["community_worker"], world.staff["street_secretary"]
    case = state_of(worker, mediated).id
    recuse_oneself(actor=worker, case=case, **WHY)
    recusal = Recusal.objects.get().pk
    with pytest.raises(NotAllowed):
        take_back_recusal(actor=worker, case=case, recusal=recusal, words="其实不熟")
    take_back_recusal(actor=superior, case=case, recusal=recusal, words="查明只是同名")
    assert queries.dispute_for(worker, state_of(worker, mediated)).about == ABOUT


def test_a_counsellor_steps_aside_and_the_streets_goes_on(world: World) -> None:
    street = world.staff["counsellor"]
    near = small.staff("near", "counsellor", COMMUNITY)
    reference = consult(world)
    state = state_of(near, reference, CONSULTATION)
    recuse_oneself(actor=near, case=state.id, **KNOWN)
    page = desk(near).get(f"/desk/cases/{reference}/").content.decode()
    for words in (TROUBLE, "丙**", "谈话记录"):
        assert words not in page
    assert "您已回避，看不到本人和内容" in page
    with pytest.raises(NotAllowed):
        actions.reveal_person(actor=near, reference=reference, reason="contact")
    (held,) = state_of(street, reference, CONSULTATION).holdings
    assert held.owner == f"counsellor@{STREET}"
    actions.move_record(actor=street, reference=reference, move="begin", data={})
    assert TROUBLE in desk(street).get(f"/desk/cases/{reference}/").content.decode()


def test_the_only_counsellor_finds_somebody_else_first(world: World) -> None:
    counsellor, reference = world.staff["counsellor"], consult(world)
    state = state_of(counsellor, reference, CONSULTATION)
    with pytest.raises(RecusalRefused, match="没有别人"):
        recuse_oneself(actor=counsellor, case=state.id, **KNOWN)


def test_a_community_counsellor_orders_nobody_above(world: World) -> None:
    near = small.staff("near", "counsellor", COMMUNITY)
    reference = consult(world)
    case = state_of(near, reference, CONSULTATION).id
    told = {**KNOWN, "case": case}
    street = world.staff["counsellor"]
    with pytest.raises(NotAllowed):
        order_recusal(actor=near, account=street.account or 0, **told)
    order_recusal(actor=street, account=near.account or 0, **told)
    with pytest.raises(NotAllowed):
        order_recusal(actor=near, account=street.account or 0, **told)


def test_what_was_said_of_it_lies_sealed_and_goes_with_the_rest(
    world: World, mediated: str
) -> None:
    worker, superior = world.staff["community_worker"], world.staff["street_secretary"]
    case = state_of(worker, mediated).id
    recuse_oneself(actor=worker, case=case, **WHY)
    take_back_recusal(
        actor=superior, case=case, recusal=Recusal.objects.get().pk, words="甲演示只是同名"
    )
    stored = everything_stored()
    for secret in (WHY["words"], "同名"):
        assert secret not in stored
        assert secret.encode().hex() not in stored
    go(world.staff["community_secretary"], mediated, "withdraw")
    keep_for_a_time(told_facts(mediated))
    with clock.travel_to(clock.now() + timedelta(days=dispute_days())):
        assert actions.erase_expired(actor=SYSTEM) == 1
    row = Recusal.objects.get()
    assert (row.words_sealed, row.taken_back_sealed) == (None, None)
    assert row.taken_back_at is not None
