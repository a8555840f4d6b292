"""Every address is played by every role in scope, by one out of scope, and by nobody.

The addresses come from the URL configuration itself: a page added tomorrow is played tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from gongzhi.kernel.access import Access
from gongzhi.kernel.actor import ANONYMOUS, Actor
from gongzhi.matters.actions import NewMatter, report_matter
from gongzhi.organisations.tests import support as small
from gongzhi.people.models import Account
from gongzhi.procedures.models import ProcedureVersion, WorkItem
from gongzhi.procedures.tests.support import GRID
from tests.access.test_declared import FOREIGN, addresses, declared, operations

PARAMETER = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")
AREAS = {
    "grid_worker": small.GRID,
    "grid_leader": small.GRID,
    "community_worker": small.COMMUNITY,
    "community_secretary": small.COMMUNITY,
    "street_officer": small.STREET,
    "street_secretary": small.STREET,
    "district_clerk": small.DISTRICT,
    "system_admin": small.DISTRICT,
    "security_admin": small.DISTRICT,
    "auditor": small.DISTRICT,
    "counsellor": small.STREET,
}
NEVER = 500


@dataclass
class Stage:
    """The played world: who is who, and what stands behind the parameters of addresses."""

    actors: dict[str, Actor] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def stage(world: Any) -> Stage:
    """One reported matter, every role in scope, one secretary out of scope."""
    played = Stage(dict(world.staff))
    for role, area in AREAS.items():
        if role not in played.actors:
            played.actors[role] = small.staff(f"s-{role}".replace("_", "-"), role, area)
    department = world.departments[0]
    played.actors["department_liaison"] = world.liaisons[department]
    played.actors["outsider"] = small.staff("outsider", "street_secretary", small.OTHER_STREET)
    told = report_matter(
        actor=ANONYMOUS, report=NewMatter(words="三号楼北侧消防通道停满了车", area=GRID)
    )
    item = WorkItem.objects.filter(case_id=told.case).values_list("id", flat=True)[0]
    holder = played.actors["community_secretary"]
    played.samples = {
        "reference": told.reference,
        "secret": told.secret,
        "item": str(item),
        "question": "1",
        "code": GRID,
        "account": str(played.actors["grid_worker"].account),
        "organisation": str(department),
        "post": str(holder.posts[0].id),
        "version": str(ProcedureVersion.objects.all()[0].pk),
        "move": "pass_up",
        "what": "claim",
        "step": "cancel",
        "photo": "1",
        "visit": "1",
        "need": "1",
        "sheet": "1",
        "line": "1",
        "size": "small",
        "form": "csv",
        "table": "areas",
        "token": "1",
        "endpoint": "1",
        "delivery": "1",
        "recusal": "1",
    }
    return played


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any) -> Any:
    """The small district of the matters' tests."""
    from gongzhi.matters.tests import support

    settings.MEDIA_ROOT = tmp_path
    return support.build()


def pages() -> Iterator[tuple[str, Access]]:
    """Yield our own pages with what they declare."""
    for where, view in addresses():
        access = declared(view)
        if access and not view.__module__.startswith(FOREIGN) and "/api/" not in where:
            yield where, access


def filled(where: str, samples: dict[str, str]) -> str:
    """Return an address with real things in the place of its parameters."""
    return PARAMETER.sub(lambda found: samples[found[1]], where)


def signed_in(actor: Actor | None) -> Client:
    """Return a browser of this person, second factor given, or of nobody."""
    client = Client(raise_request_exception=False)
    if actor is not None:
        client.force_login(Account.objects.get(pk=actor.account or 0))
        session = client.session
        session["second_factor"] = True
        session.save()
    return client


def holds(actor: Actor, power: str | None) -> bool:
    """Whether the person holds this power somewhere."""
    return power is None or actor.has(power)


def test_pages_let_in_whom_they_declare(stage: Stage) -> None:
    wrong = []
    for role, actor in stage.actors.items():
        client = signed_in(actor)
        for where, access in pages():
            status = client.get(filled(where, stage.samples)).status_code
            refused = status == 403
            if status >= NEVER or (access.face == "desk" and refused == holds(actor, access.power)):
                wrong.append(f"{role} {where}: {status}")
    assert wrong == []


def test_nobody_is_sent_to_sign_in_and_reads_what_is_public(stage: Stage) -> None:
    client, wrong = signed_in(None), []
    for where, access in pages():
        answer = client.get(filled(where, stage.samples))
        to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer["Location"]
        needs = access.face in ("desk", "account")
        if answer.status_code >= NEVER or to_sign_in != needs:
            wrong.append(f"{where}: {answer.status_code}")
    assert wrong == []


SCOPED = ("reference", "account", "post")


def test_what_is_out_of_scope_is_not_there(stage: Stage) -> None:
    client, wrong = signed_in(stage.actors["outsider"]), []
    for where, access in pages():
        names = set(PARAMETER.findall(where)) & set(SCOPED)
        if access.face != "desk" or not names or where == "/desk/people/<int:account>/":
            continue
        for method in ("get", "post"):
            status = getattr(client, method)(filled(where, stage.samples)).status_code
            if status not in (403, 404, 405):
                wrong.append(f"{method} {where}: {status}")
    assert wrong == []


def test_operations_answer_each_role_as_declared(stage: Stage) -> None:
    wrong = []
    for role, actor in [*stage.actors.items(), ("", None)]:
        client = signed_in(actor)
        for words, view in operations():
            method, where = words.split(" ", 1)
            access = declared(view)
            assert access is not None
            if method != "GET":
                continue
            path = "/api/v1" + filled(where, stage.samples)
            status = client.get(path, {"lon": "120.9", "lat": "32"}).status_code
            closed = {401, 403} if actor is None else {403}
            needs = access.face in ("api", "account")
            allowed = not needs or (actor is not None and holds(actor, access.power))
            if status >= NEVER or (status in closed) == allowed:
                wrong.append(f"{role or 'nobody'} {words}: {status}")
    assert wrong == []


def test_writing_operations_refuse_nobody_and_the_powerless(stage: Stage) -> None:
    wrong = []
    for role, actor in [("auditor", stage.actors["auditor"]), ("", None)]:
        client = signed_in(actor)
        for words, view in operations():
            method, where = words.split(" ", 1)
            access = declared(view)
            if method == "GET" or access is None or access.face != "api":
                continue
            path = "/api/v1" + filled(where, stage.samples)
            answer = client.post(path, b"{}", content_type="application/json")
            if not holds(actor or ANONYMOUS, access.power) and answer.status_code not in (401, 403):
                wrong.append(f"{role or 'nobody'} {words}: {answer.status_code}")
    assert wrong == []
