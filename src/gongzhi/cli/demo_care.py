"""The demonstration's disputes, counselling and visits: invented, and few."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from gongzhi.kernel import clock
from gongzhi.kernel.actor import Actor
from gongzhi.mediation import actions as mediation
from gongzhi.organisations import queries as organisations
from gongzhi.visits import actions as visits

_KINDS = ("disputes", "consultations", "visits")


class Builder(Protocol):
    """What is asked of who builds the demonstration."""

    @property
    def plan(self) -> dict[str, Any]: ...
    @property
    def home(self) -> dict[str, str]: ...
    def step(self) -> None: ...


def care_count(plan: dict[str, Any]) -> int:
    """Return how many records there will be."""
    return sum(len(plan.get(kind, ())) for kind in _KINDS)


def build_care(builder: Builder) -> None:
    """Build the records at home, each by whoever would write it."""
    makers = (_dispute, _consultation, _visit)
    for kind, make in zip(_KINDS, makers, strict=True):
        for one in builder.plan.get(kind, ()):
            with clock.travel_to(clock.now() - timedelta(days=one["age"])):
                make(builder.home, one)
            builder.step()


def _holder(role: str, area: str) -> Actor:
    return organisations.actor_for(organisations.holders(role, area)[0].account)


def _dispute(home: dict[str, str], one: dict[str, Any]) -> None:
    actor = _holder("community_worker", home["community"])
    parties = tuple((party["name"], party.get("phone", "")) for party in one["parties"])
    new = mediation.NewDispute(
        kind=one["kind"], area=home["grid"], about=one["about"], parties=parties
    )
    reference = mediation.register_dispute(actor=actor, new=new).reference
    told: dict[str, Any] = {"actor": actor, "reference": reference}
    for move in one["walk"]:
        if move == "mediate":
            for words in one["mediations"]:
                day = clock.today()
                mediation.record_mediation(**told, held_on=day, led=actor.name, words=words)
        else:
            mediation.move_record(**told, move=move, data={})
    if agreement := one.get("agreement"):
        due = clock.today() + timedelta(days=agreement["days"])
        given = {"words": agreement["words"], "agreed_on": clock.today(), "due_on": due}
        mediation.record_agreement(**told, **given)
        mediation.move_record(**told, move="signed", data={})


def _consultation(home: dict[str, str], one: dict[str, Any]) -> None:
    actor = _holder("counsellor", home["street"])
    new = mediation.NewConsultation(
        area=home["community"], name=one["name"], phone=one["phone"], about=one["about"]
    )
    told: dict[str, Any] = {"actor": actor}
    reference = mediation.register_consultation(actor=actor, new=new).reference
    mediation.move_record(**told, reference=reference, move="begin", data={})
    words = one["talk"]
    mediation.record_talk(**told, reference=reference, held_on=clock.today(), words=words)


def _visit(home: dict[str, str], one: dict[str, Any]) -> None:
    today = clock.today()
    needs = tuple(
        visits.NewNeed(
            words=need["words"],
            promise=need["promise"],
            promised_for=today + timedelta(days=need["days"]),
        )
        for need in one.get("needs", ())
    )
    new = visits.NewVisit(
        area=home["grid"],
        visited_on=today,
        purpose=one["purpose"],
        place_text=one["place"],
        heard=one["heard"],
        needs=needs,
    )
    visits.record_visit(actor=_holder("grid_worker", home["grid"]), new=new)
