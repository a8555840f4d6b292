"""The unit complained of, and who is recused, never learn who reported, by whichever way."""

from __future__ import annotations

from typing import Any

import pytest

from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import NotAllowed
from gongzhi.matters import actions, errors, queries
from gongzhi.matters.actions import NewPart
from gongzhi.matters.models import ReporterReveal
from gongzhi.matters.tests.support import DISTRICT, PHONE, Caller, report
from gongzhi.organisations import queries as organisations
from gongzhi.organisations.actions import NewOrganisation, establish_organisation
from gongzhi.organisations.tests import support as small
from gongzhi.procedures.actions import recuse_oneself
from gongzhi.procedures.errors import GuardRefuses
from gongzhi.procedures.tests.support import World, desk, make

NAME = "李秀英"


def both_posts(world: World) -> Actor:
    """Return a district clerk who also holds a post in a section of the first department."""
    section = establish_organisation(
        actor=SYSTEM,
        new=NewOrganisation(
            "unit", "一科", DISTRICT, parent=world.departments[0], valid_from=small.FOUNDED
        ),
    )
    account = small.person("both")
    small.give(account, "district_clerk", DISTRICT)
    small.give(account, "department_liaison", organisation=section)
    return organisations.actor_for(account)


def accuse(world: World, reference: str) -> None:
    """Let the community say that it is against the first department."""
    actions.name_accused(
        actor=world.staff["community_secretary"],
        reference=reference,
        organisation=world.departments[0],
    )


def everything(actor: Actor, reference: str) -> str:
    """Return all that somebody reads of a matter: page, print, API, lists and export."""
    browser = desk(actor)
    pages = [f"/desk/cases/{reference}/", "/desk/matters/", f"/desk/matters/{reference}/several/"]
    read = [browser.get(page).content.decode() for page in pages]
    export = browser.get("/desk/matters/export.csv")
    read.append(b"".join(export).decode("utf-8", "replace") if export.streaming else "")
    caller = Caller(actor, "matters.see", "matters.handle")
    asked = (f"/matters/{reference}", "/matters", f"/matters/{reference}/timeline")
    return "\n".join([*read, *(caller.get(path).content.decode() for path in asked)])


def tries_to_reveal(actor: Actor, reference: str) -> int:
    """Return what the API answers to somebody who asks for the reporter by name."""
    caller = Caller(actor, *(one for one in ("matters.see", "people.reveal") if actor.has(one)))
    told = {"reason": "contact", "words": "电话核实"}
    return int(caller.post(f"/matters/{reference}/reporter", told).status_code)


def test_the_unit_complained_of_learns_nothing_of_the_reporter(world: World) -> None:
    found = report(name=NAME, phone=PHONE)
    actor = both_posts(world)
    masked = queries.get_matter(actor, found.reference).reporter
    assert masked.name in everything(actor, found.reference)  # by its post at the place
    accuse(world, found.reference)
    seen = everything(actor, found.reference)
    for secret in (NAME, PHONE, masked.name, masked.phone):
        assert secret not in seen
    assert "对被反映单位和承办单位保密" in seen
    assert '"hidden": true' in seen or '"hidden":true' in seen
    assert tries_to_reveal(actor, found.reference) == 403
    with pytest.raises(NotAllowed):
        actions.reveal_reporter(actor=actor, reference=found.reference, reason="contact")
    assert not ReporterReveal.objects.exists()
    other = world.staff["district_clerk"]
    assert masked.name in everything(other, found.reference)


def test_who_is_recused_learns_nothing_of_the_reporter(world: World) -> None:
    found = report(name=NAME, phone=PHONE)
    small.staff("colleague", "grid_worker", small.GRID)
    worker = world.staff["grid_worker"]
    masked = queries.get_matter(worker, found.reference).reporter
    assert masked.name in everything(worker, found.reference)
    told = {"reason": "relative", "words": "是我姑姑"}
    recuse_oneself(actor=worker, case=found.case, **told)
    seen = everything(worker, found.reference)
    assert masked.name not in seen
    assert masked.phone not in seen
    assert "您已回避" in seen
    assert tries_to_reveal(worker, found.reference) == 403
    for change in (
        {"reference": found.reference, "category": "sanitation"},
        {"reference": found.reference, "organisation": world.departments[0]},
    ):
        call: Any = actions.classify_matter if "category" in change else actions.name_accused
        with pytest.raises(NotAllowed):
            call(actor=worker, **change)


def test_what_is_split_off_is_as_closed_as_the_whole(world: World) -> None:
    found = report(name=NAME, phone=PHONE)
    accuse(world, found.reference)
    small.staff("colleague", "grid_worker", small.GRID)
    worker = world.staff["grid_worker"]
    recuse_oneself(actor=worker, case=found.case, reason="relative", words="是我姑姑")
    parts = [NewPart(words="门口的灯也坏了")]
    with pytest.raises(NotAllowed):
        actions.divide_matter(actor=worker, reference=found.reference, parts=parts)
    secretary = world.staff["community_secretary"]
    (part,) = actions.divide_matter(actor=secretary, reference=found.reference, parts=parts)
    assert queries.get_matter(worker, part.reference).reporter.hidden
    assert queries.get_matter(secretary, part.reference).accused == world.departments[0]


def test_what_is_merged_is_as_closed_as_what_goes_on_for_it(world: World) -> None:
    main, repeated = report(), report(name=NAME, phone=PHONE)
    small.staff("colleague", "grid_worker", small.GRID)
    actor, worker = both_posts(world), world.staff["grid_worker"]
    secretary = world.staff["community_secretary"]
    actions.merge_matters(actor=secretary, reference=repeated.reference, main=main.reference)
    for reader in (actor, worker):
        assert not queries.get_matter(reader, repeated.reference).reporter.hidden
    accuse(world, main.reference)
    recuse_oneself(actor=worker, case=main.case, reason="relative", words="是我姑姑")
    for reader in (actor, worker):
        assert queries.get_matter(reader, repeated.reference).reporter.hidden
    assert tries_to_reveal(actor, repeated.reference) == 403


def test_it_is_not_dispatched_to_the_accused_alone(world: World) -> None:
    found = report(name=NAME, phone=PHONE)
    accuse(world, found.reference)
    make(world, found.case, "pass_up")
    make(world, found.case, "pass_up")
    accused, other = world.departments[0], world.departments[1]
    with pytest.raises(GuardRefuses) as refused:
        make(world, found.case, "dispatch", lead_organisation=accused)
    assert "被反映的就是这个单位" in str(refused.value)
    sent = {"lead_organisation": accused, "assisting_organisations": [other]}
    make(world, found.case, "dispatch", **sent)


def test_it_is_named_on_the_page_by_who_handles_the_place(world: World) -> None:
    found = report()
    browser = desk(world.staff["community_secretary"])
    where = f"/desk/cases/{found.reference}/"
    assert "部门0" in browser.get(where).content.decode().split('id="step-accuse"')[1]
    browser.post(f"{where}steps/accuse/", {"organisation": str(world.departments[0])})
    assert queries.get_matter(SYSTEM, found.reference).accused_name == "部门0"
    browser.post(f"{where}steps/accuse/", {"organisation": ""})
    assert queries.get_matter(SYSTEM, found.reference).accused is None
    with pytest.raises(errors.AccusedUnknown):
        actions.name_accused(
            actor=world.staff["community_secretary"],
            reference=found.reference,
            organisation=10**9,
        )
