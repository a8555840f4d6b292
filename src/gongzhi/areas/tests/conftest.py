"""A small invented district for tests of areas, and actors with posts in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from gongzhi.areas.tests.support import small_tree
from gongzhi.kernel.actor import Actor, PostHeld

Visit = Callable[..., HttpResponse]


@pytest.fixture
def tree(db: None) -> None:
    """Open the small tree."""
    small_tree()


@pytest.fixture
def manager() -> Callable[[str], Actor]:
    """Return a maker of persons who manage areas below a code."""

    def make(code: str) -> Actor:
        powers = frozenset({"areas.see", "areas.manage"})
        return Actor("person", 1, "周敏", (PostHeld(1, "district_clerk", code, None, powers),))

    return make


@pytest.fixture
def visit(manager: Callable[[str], Actor]) -> Visit:
    """Return a visit to a desk page by somebody who manages areas below a code."""

    def go(path: str, data: dict[str, Any] | None = None, *, at: str = "99") -> HttpResponse:
        make = RequestFactory()
        request = make.get(path) if data is None else make.post(path, data)
        request.actor = manager(at)
        request.session = {}  # type: ignore[assignment]
        request._messages = CookieStorage(request)
        found = resolve(path.split("?")[0])
        answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return answer

    return go
