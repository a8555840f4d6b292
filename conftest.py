"""What every test stands on: the database, quick passwords, and the guard on writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created
from django.utils import translation
from hypothesis import settings as property_settings

from gongzhi.config.database import ensure_started
from gongzhi.kernel.action import write_guard
from gongzhi.kernel.held import forget_all

pytest_plugins = ["tests.tracing"]

# No test may fail for being slow: a busy machine is no fault of the code.
property_settings.register_profile("gongzhi", deadline=None)
property_settings.load_profile("gongzhi")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make screenshots` ask for pictures; options must be known before folders are read."""
    parser.addoption("--screenshots", action="store_true", help="write var/screenshots/*.png")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Play all journeys in one process: each process would serve demonstrations of its own."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("journeys"))


def pytest_configure() -> None:
    """Keep passwords quick; logs quiet."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,
) -> None:
    """Start the database; tests open connections of their own and need no flush to disk."""
    ensure_started()
    options = connections["default"].settings_dict["OPTIONS"]
    options["pool"] = False
    options["options"] = "-c synchronous_commit=off"


@pytest.fixture(autouse=True)
def _nothing_held() -> None:
    """Begin without what an earlier test left in memory: its data, its reader's language."""
    forget_all()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _guard_writes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Refuse every write outside an action, on every connection a test opens."""
    if "db" not in request.fixturenames and "transactional_db" not in request.fixturenames:
        yield
        return

    def guard(connection: object, **_: object) -> None:
        wrappers = connection.execute_wrappers  # type: ignore[attr-defined]
        if write_guard not in wrappers:
            wrappers.append(write_guard)

    connection_created.connect(guard)
    for connection in connections.all():
        guard(connection)
    yield
    connection_created.disconnect(guard)
    for connection in connections.all():
        if write_guard in connection.execute_wrappers:
            connection.execute_wrappers.remove(write_guard)
