"""Every page and API operation says who may use it; none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from gongzhi.kernel.access import Access

# Doors that are not ours: the library decides who may use its pages.
FOREIGN = ("allauth.", "django_prometheus.", "django.views.static", "ninja.")
# The operator's own addresses: they tell no record.
OPERATOR = ("gongzhi.config.health",)


def addresses(resolver: URLResolver | None = None, at: str = "/") -> Iterator[tuple[str, Any]]:
    """Yield every address with the view behind it."""
    for entry in (resolver or get_resolver()).url_patterns:
        where = at + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, where)
        elif isinstance(entry, URLPattern):
            yield where, entry.callback


def operations() -> Iterator[tuple[str, Any]]:
    """Yield every operation of the REST API with the function behind it."""
    from gongzhi.interchange.api import api

    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                methods = ",".join(sorted(operation.methods))
                yield f"{methods} {prefix}{path}", operation.view_func


def declared(view: Any) -> Access | None:
    """Return what *view*, or what it wraps, declares."""
    while view is not None:
        found = getattr(view, "access", None)
        if isinstance(found, Access):
            return found
        view = getattr(view, "__wrapped__", None)
    return None


PAGES = [
    pytest.param(view, id=where)
    for where, view in addresses()
    if not view.__module__.startswith(FOREIGN + OPERATOR)
]
OPERATIONS = [pytest.param(view, id=where) for where, view in operations()]


@pytest.mark.parametrize("view", PAGES)
def test_every_page_declares_who_may_use_it(view: Any) -> None:
    assert declared(view) is not None


@pytest.mark.parametrize("view", OPERATIONS)
def test_every_operation_declares_who_may_use_it(view: Any) -> None:
    assert declared(view) is not None


def test_the_walk_finds_pages_and_operations() -> None:
    assert len(PAGES) > 20
    assert len(OPERATIONS) > 5
