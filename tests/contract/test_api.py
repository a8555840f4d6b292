"""Schemathesis plays every operation with made-up input: no 5xx, and answers as described.

The description is read from the application itself, without a network; an operation added
tomorrow is played tomorrow. Each made-up call is sent by nobody, by somebody with a wide token,
and by him once more with real things in the place of the path's parameters: a made-up reference
ends at "no such matter".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase
from hypothesis import settings as bounds
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gongzhi.config import urls
from gongzhi.config.wsgi import application
from gongzhi.interchange.api import api
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM
from gongzhi.matters.actions import NewMatter, attach_photo, report_matter
from gongzhi.matters.tests import support
from gongzhi.mediation.actions import register_consultation, register_dispute
from gongzhi.mediation.tests.support import new_consultation, new_dispute
from gongzhi.organisations.queries import actor_for
from gongzhi.organisations.tests import support as small
from gongzhi.people.actions import issue_token
from gongzhi.procedures.models import ProcedureVersion
from gongzhi.procedures.queries import case_by_reference
from gongzhi.procedures.tests.support import World
from gongzhi.visits.tests.support import first_need, record

assert urls.urlpatterns  # mounts every app's operations
EXAMPLES = 4  # beside some thirty at the edges of what is described
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# Read without a request: the tests are gathered before there is a database.
_described = orjson.dumps(api.get_openapi_schema(), option=orjson.OPT_NON_STR_KEYS)
schema = schemathesis.openapi.from_dict(orjson.loads(_described))


def _whole(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer at once and close what was read, as a server does; the tool's client does not."""
    answer = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        getattr(answer, "close", lambda: None)()


schema.app = _whole
# One stands for all: whatever method an address does not know is refused before anything is read.
schema.config.phases.coverage.unexpected_methods = {"patch"}
SCOPES = ("matters.see", "matters.report", "matters.handle", "matters.export", "cases.cancel",
          "cases.reopen", "areas.see", "people.see", "organisations.see",
          "organisations.manage", "posts.manage", "procedures.see",
          "disputes.see", "disputes.handle", "counselling.see", "counselling.handle",
          "visits.see", "visits.record")  # fmt: skip


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The small district, built once for all operations: each undoes what it wrote."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    whole = transaction.atomic()
    whole._from_testcase = True  # outermost, and may hold durable ones
    with django_db_blocker.unblock(), media, whole:
        yield support.build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Let requests leave the test's connection open, as Django's own test client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture(scope="module")
def samples(world: World) -> dict[str, Any]:
    """Real things for the parameters of paths: a reported matter, its photo, and so on."""
    told = report_matter(
        actor=ANONYMOUS, report=NewMatter(words="路灯坏了", area=support.GRID, category="parking")
    )
    worker = world.staff["grid_worker"]
    photo = attach_photo(actor=worker, reference=told.reference, content=support.picture())
    secretary = world.staff["community_secretary"]
    counsellor = small.staff("counsellor", "counsellor", small.STREET)
    visit = record(worker)
    return {
        "disputes": register_dispute(actor=worker, new=new_dispute()).reference,
        "consultations": register_consultation(actor=counsellor, new=new_consultation()).reference,
        "visit": visit,
        "need": first_need().pk,
        "recusal": 1,
        "reference": told.reference,
        "photo": photo.id,
        "move": "pass_up",
        "item": case_by_reference(SYSTEM, told.reference).holdings[0].id,
        "code": support.GRID,
        "organisation": world.departments[0],
        "post": secretary.posts[0].id,
        "version": ProcedureVersion.objects.all()[0].pk,
    }


@pytest.fixture(scope="module")
def asked() -> Counter[str]:
    """How often nobody has called each operation."""
    return Counter()


@pytest.fixture(scope="module")
def places() -> set[tuple[str, str]]:
    """The made-up things in paths that each operation was asked for: once is enough."""
    return set()


@pytest.fixture(scope="module")
def token(world: World) -> str:
    """The token of somebody who sees the whole district and may do much in it."""
    account = small.person("wide", small.DISTRICT)
    small.give(account, "district_clerk", small.DISTRICT)
    small.give(account, "street_secretary", small.OTHER_STREET)
    small.give(account, "community_worker", small.COMMUNITY)
    small.give(account, "counsellor", small.STREET)
    actor = actor_for(account)
    held = [power for power in SCOPES if actor.has(power)]
    return issue_token(actor=actor, name="contract", scopes=held).raw


@schema.parametrize()
@bounds(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_to_its_description(
    case: schemathesis.Case[Any],
    samples: dict[str, Any],
    token: str,
    asked: Counter[str],
    places: set[tuple[str, str]],
) -> None:
    bearer = {"Authorization": f"Bearer {token}"}
    # Where a token is needed nobody is turned away before anything is read: a few times will do.
    asked[case.operation.label] += 1
    if asked[case.operation.label] < 4 or {} in case.operation.definition.raw.get("security", []):
        case.call_and_validate(checks=CHECKS)
    made_up = f"{case.method} {case.operation.label}", repr(case.path_parameters)
    if not case.path_parameters or made_up not in places:
        # Whatever else is asked of the same made-up thing, it ends at "no such thing".
        places.add(made_up)
        case.call_and_validate(checks=CHECKS, headers=bearer)
    if case.path_parameters:
        real = {name: samples.get(name, made) for name, made in case.path_parameters.items()}
        restricted = {"disputes", "consultations"} & set(case.operation.path.split("/"))
        if "reference" in real and restricted:
            real["reference"] = samples[restricted.pop()]
        case.path_parameters = real
        case.call_and_validate(checks=CHECKS, headers=bearer)


def test_the_walk_finds_the_operations() -> None:
    assert sum(1 for _operation in schema.get_all_operations()) > 25


def _shapes(above: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for shape in above.__subclasses__():
        yield shape
        yield from _shapes(shape)


def test_no_two_shapes_share_a_name_in_the_description() -> None:
    """The description knows a shape by its name alone: a second one would silently take its place.

    Seen failing with two shapes called PartAnswer, of a matter's parts and of a figure's.
    """
    described = api.get_openapi_schema()["components"]["schemas"]
    ours = {shape for shape in _shapes() if shape.__module__.startswith("gongzhi.")}
    names = Counter(shape.__name__ for shape in ours if shape.__name__ in described)
    assert [name for name, times in names.items() if times > 1] == []
