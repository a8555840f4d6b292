"""Disputes and consultations are seen with their own powers alone, whichever door is tried."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from gongzhi.facts.models import FactRecord
from gongzhi.facts.queries import timeline
from gongzhi.indicators.book import book
from gongzhi.interchange.choices import TYPE_OF
from gongzhi.interchange.handlers import tell_programs
from gongzhi.interchange.models import Delivery
from gongzhi.interchange.tests.program import add
from gongzhi.kernel.actor import ANONYMOUS, Actor
from gongzhi.kernel.errors import NotAllowed, NotFound
from gongzhi.matters.queries import counts, list_matters
from gongzhi.matters.queries.told import told_cases
from gongzhi.matters.tests.support import Caller
from gongzhi.mediation import actions, queries
from gongzhi.mediation.choices import CONSULTATION, DISPUTE
from gongzhi.mediation.tests.support import (
    ABOUT,
    NAMES,
    PERSON,
    PHONE,
    TROUBLE,
    build,
    consult,
    go,
    mediate,
    register,
)
from gongzhi.organisations.tests import support as small
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import claim_item
from gongzhi.procedures.models import Case, WorkItem
from gongzhi.procedures.tests.support import COMMUNITY, GRID, World, desk
from tests.access.test_declared import declared, operations


@pytest.fixture
def world(db: None) -> World:
    """The small district with a counsellor."""
    return build()


@pytest.fixture
def clerk(world: World) -> Actor:
    """Sees every matter of the district, and no dispute."""
    return world.staff["district_clerk"]


@pytest.fixture
def references(world: World) -> tuple[str, str]:
    """One dispute and one consultation."""
    return register(world), consult(world)


def page(actor: Actor, address: str, **query: str) -> tuple[int, str]:
    answer = desk(actor).get(address, query)
    return answer.status_code, answer.content.decode()


def told(text: str, reference: str) -> bool:
    return reference in text or "邻里纠纷" in text or "/desk/counselling/" in text


# --- who does -------------------------------------------------------------------------------------
def test_who_has_the_power_at_the_place_sees_and_lists(
    world: World, references: tuple[str, str]
) -> None:
    dispute, consultation = references
    for role in ("grid_worker", "community_worker", "street_officer", "street_secretary"):
        actor = world.staff[role]
        assert [one.reference for one in queries.list_disputes(actor).items] == [dispute]
        assert queries.count_disputes(actor).open == 1
        status, text = page(actor, f"/desk/cases/{dispute}/")
        assert status == 200
        assert ABOUT in text
        assert NAMES[0] not in text
        assert page(actor, f"/desk/cases/{consultation}/")[0] == 404
    neighbour = small.staff("neighbour", "community_worker", "320602001002")
    assert queries.list_disputes(neighbour).items == ()
    assert page(neighbour, f"/desk/cases/{dispute}/")[0] == 404


@pytest.mark.requirement("001-32")
def test_a_consultation_is_seen_by_counsellors_alone(
    world: World, references: tuple[str, str]
) -> None:
    dispute, consultation = references
    counsellor = world.staff["counsellor"]
    status, text = page(counsellor, f"/desk/cases/{consultation}/")
    assert status == 200
    assert TROUBLE in text
    assert "丙**" in text
    assert PERSON not in text
    assert [one.reference for one in queries.list_consultations(counsellor).items] == [consultation]
    assert page(counsellor, f"/desk/cases/{dispute}/")[0] == 404
    assert page(counsellor, "/desk/disputes/")[0] == 403
    elsewhere = small.staff("elsewhere", "counsellor", "320602001002")
    assert queries.list_consultations(elsewhere).items == ()
    for role, actor in world.staff.items():
        if role != "counsellor":
            assert page(actor, f"/desk/cases/{consultation}/")[0] == 404, role
            assert page(actor, "/desk/counselling/")[0] == 403, role
            assert queries.list_consultations(actor).items == (), role
            with pytest.raises(NotFound):
                queries.case_of(actor, consultation, CONSULTATION)


@pytest.mark.requirement("001-32")
def test_who_holds_a_consultation_carries_it_to_its_end(world: World) -> None:
    holder = small.staff("holder", "counsellor", COMMUNITY)
    reference = consult(world)
    item = WorkItem.objects.get(case__reference=reference)
    assert item.owner == f"counsellor@{COMMUNITY}"
    claim_item(actor=holder, item=item.pk)
    actions.move_record(actor=holder, reference=reference, move="begin", data={})
    for move in ("follow", "finish"):
        day = Case.objects.get(reference=reference).opened_at.date()
        actions.record_talk(actor=holder, reference=reference, held_on=day, words="聊了一个小时")
        data = {"effect": "better"} if move == "finish" else {}
        actions.move_record(actor=holder, reference=reference, move=move, data=data)
    state = queries.case_of(holder, reference, CONSULTATION)
    assert state.outcome == "done"
    found = queries.consultation_for(holder, state)
    assert [one.words for one in found.talks] == ["聊了一个小时"] * 2
    shown = actions.reveal_person(actor=holder, reference=reference, reason="contact")
    assert (shown.name, shown.phone) == (PERSON, PHONE)


# --- who does not: matters.see alone -----------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "/desk/",
        "/desk/?tab=pool",
        "/desk/matters/?status=",
        "/desk/supervised/",
        "/desk/figures/",
        "/desk/search/?q=纠纷",
        "/desk/search/?q=疏导",
        "/desk/matters/points.geojson",
        "/desk/matters/export.csv?status=",
    ],
)
def test_pages_of_the_desk_tell_nothing(
    clerk: Actor, references: tuple[str, str], address: str
) -> None:
    answer = desk(clerk).get(address)
    assert answer.status_code == 200
    raw = b"".join(answer) if answer.streaming else answer.content
    for reference in references:
        assert not told(raw.decode(), reference)


def test_cases_their_doors_and_counts_tell_nothing(
    clerk: Actor, references: tuple[str, str]
) -> None:
    for reference in references:
        assert page(clerk, f"/desk/cases/{reference}/")[0] == 404
        assert page(clerk, f"/desk/matters/{reference}/")[0] == 404
        assert "/desk/cases/" not in page(clerk, "/desk/search/", q=reference)[1]
        case = Case.objects.get(reference=reference)
        assert told_cases(clerk, [case.pk]) == {}
        assert not procedures.visible_cases(clerk).filter(pk=case.pk).exists()
        with pytest.raises(NotFound):
            claim_item(actor=clerk, item=WorkItem.objects.get(case=case).pk)
        answer = desk(clerk).post(f"/desk/cases/{reference}/steps/reveal/", {"reason": "contact"})
        assert answer.status_code == 404
    assert counts(clerk).total == 0
    assert list_matters(clerk).items == ()
    for address in ("/desk/disputes/", "/desk/disputes/new/", "/desk/counselling/"):
        assert page(clerk, address)[0] == 403
    assert "/desk/disputes/" not in page(clerk, "/desk/")[1]


def test_procedures_count_no_case_that_is_not_seen(
    clerk: Actor, references: tuple[str, str]
) -> None:
    running = {
        row.procedure: procedures.describe(clerk, row.id).running
        for row in procedures.visible_versions(clerk)
    }
    assert (running["dispute"], running["counselling"]) == (0, 0)


def test_the_api_tells_nothing(clerk: Actor, references: tuple[str, str]) -> None:
    caller = Caller(clerk)
    for address in ("/matters", "/inbox"):
        assert caller.get(address).json()["items"] == []
    for reference in references:
        assert caller.get(f"/matters/{reference}").status_code == 404
        assert caller.get(f"/cases/{reference}/recusals").status_code == 404
        why = {"reason": "other", "words": "说明"}
        assert caller.post(f"/cases/{reference}/recusals", why).status_code == 404
        again = {"words": "说明"}
        back = f"/cases/{reference}/recusals/1/take-back"
        assert caller.post(back, again).status_code == 404


def test_every_operation_of_theirs_asks_for_their_own_powers() -> None:
    """Found by their addresses: an operation added tomorrow is asked tomorrow."""
    powers = {
        "disputes": {"disputes.see", "disputes.handle"},
        "dispute-kinds": {"disputes.see"},
        "consultations": {"counselling.see", "counselling.handle"},
    }
    found = [(words.split("/")[1], declared(view)) for words, view in operations()]
    theirs = [(first, access) for first, access in found if first in powers]
    assert len(theirs) > 15
    for first, access in theirs:
        assert access is not None
        assert (access.face, access.power in powers[first]) == ("api", True)


def test_their_operations_are_closed_to_others_and_out_of_reach(
    world: World, clerk: Actor, references: tuple[str, str]
) -> None:
    dispute, consultation = references
    worker = Caller(world.staff["community_worker"], "disputes.see", "disputes.handle")
    counsellor = Caller(world.staff["counsellor"], "counselling.see", "counselling.handle")
    neighbour = small.staff("neighbour", "community_worker", "320602001002")
    away = Caller(neighbour, "disputes.see", "disputes.handle")
    for address in (
        "/disputes",
        "/disputes/counts",
        f"/disputes/{dispute}",
        f"/disputes/{dispute}/timeline",
    ):
        assert worker.get(address).status_code == 200
        for caller in (Caller(clerk), counsellor):
            assert caller.get(address).status_code == 403
        told = away.get(address)
        assert told.status_code == (404 if dispute in address else 200)
        assert dispute not in told.content.decode()
    for address in ("/consultations", f"/consultations/{consultation}"):
        assert counsellor.get(address).status_code == 200
        for caller in (Caller(clerk), worker):
            assert caller.get(address).status_code == 403
    for caller, address in ((worker, f"/disputes/{dispute}"), (counsellor, "/consultations")):
        text = caller.get(address).content.decode()
        assert not any(secret in text for secret in (*NAMES, PERSON, PHONE))
    for end in ("moves/accept", "mediations", "agreements", "reviews", "parties/reveal"):
        assert Caller(clerk).post(f"/disputes/{dispute}/{end}", {}).status_code == 403
        assert counsellor.post(f"/disputes/{dispute}/{end}", {}).status_code == 403
    for end in ("moves/begin", "talks", "person/reveal"):
        assert worker.post(f"/consultations/{consultation}/{end}", {}).status_code == 403


def test_the_public_is_told_nothing(references: tuple[str, str]) -> None:
    client = Client(raise_request_exception=False)
    for reference in references:
        asked = client.get("/open311/v2/requests.json", {"service_request_id": reference})
        assert reference not in asked.content.decode()
        followed = client.post("/follow/", {"reference": reference})
        assert "纠纷" not in followed.content.decode()
        assert "疏导" not in followed.content.decode()
    for address in ("/open311/v2/requests.json", "/", "/done/"):
        text = client.get(address).content.decode()
        assert not any(told(text, reference) for reference in references)


def test_procedures_show_nothing_to_the_public(references: tuple[str, str]) -> None:
    for case in Case.objects.all():
        assert not procedures.definition_of(case.version_id).public


def test_webhooks_are_of_matters_alone(
    world: World, references: tuple[str, str], settings: Any
) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    admin = small.staff("admin", "system_admin", small.DISTRICT)
    add(admin, world.staff["community_secretary"])
    for case in Case.objects.all():
        for fact in [one for one in timeline(case.pk) if one.kind in TYPE_OF]:
            tell_programs([fact])
    assert not Delivery.objects.exists()


def test_figures_count_no_restricted_case() -> None:
    """What counts cases, or moves of cases, names the procedures whose it counts."""
    counting = [
        one
        for one in book().measures.values()
        if one.of == "cards" or one.of.startswith("procedures.")
    ]
    assert counting
    for measure in counting:
        named = {value for key, values in measure.where if key == "procedure" for value in values}
        assert named, measure.id
        assert not named & {"dispute", "counselling"}, measure.id


def test_facts_hold_ids_and_codes_alone(world: World, references: tuple[str, str]) -> None:
    worker = world.staff["community_worker"]
    go(worker, references[0], "accept", "begin")
    mediate(worker, references[0])
    actions.reveal_parties(
        actor=worker, reference=references[0], reason="other", words="打电话给甲演示"
    )
    stored = " ".join(str(one.data) for one in FactRecord.objects.all())
    for secret in (*NAMES, PERSON, PHONE, ABOUT, TROUBLE, "估价", "打电话"):
        assert secret not in stored


def test_nobody_registers_what_he_may_not_see(world: World, clerk: Actor) -> None:
    for role in ("community_worker", "community_secretary", "district_clerk"):
        new = actions.NewConsultation(area=GRID, name=PERSON, about=TROUBLE)
        with pytest.raises(NotAllowed):
            actions.register_consultation(actor=world.staff[role], new=new)
    answer = desk(clerk).post("/desk/disputes/new/", {"kind": "neighbour"})
    assert answer.status_code == 403
    assert Client().get("/desk/disputes/").status_code == 302
    assert queries.list_disputes(ANONYMOUS).items == ()


def test_a_dispute_of_another_place_is_not_counted(world: World) -> None:
    register(world)
    assert queries.case_of(world.staff["grid_worker"], Case.objects.get().reference, DISPUTE)
    assert queries.count_disputes(world.liaisons[world.departments[0]]).open == 0


def test_a_token_meets_in_the_inbox_what_it_may_see_alone(
    world: World, references: tuple[str, str]
) -> None:
    dispute = references[0]
    held = procedures.case_by_reference(world.staff["community_secretary"], dispute).holdings
    worker = next(
        one
        for one in world.staff.values()
        if {item.owner for item in held} & set(procedures.owner_keys(one))
    )
    assert dispute in str(procedures.inbox(worker, tab="pool")) + str(procedures.inbox(worker))
    for tab in ("mine", "pool", "assist"):
        assert dispute not in Caller(worker).get("/inbox", tab=tab).content.decode()
