"""Fixtures of the journeys: one browser per process, a fresh context per test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.browser import DESKTOP, PHONE, arguments, chromium
from tests.journeys.site import Site, serving


@pytest.fixture(scope="session")
def chongchuan(worker_id: str) -> Iterator[Site]:
    """The demonstration of 崇川, served for the whole run."""
    with serving("chongchuan", worker_id) as site:
        yield site


@pytest.fixture(scope="session")
def wuda(worker_id: str) -> Iterator[Site]:
    """The demonstration of 乌达, served for the whole run."""
    with serving("wuda", worker_id) as site:
        yield site


def context_settings(url: str, *, phone: bool, **options: Any) -> dict[str, Any]:
    """Return how a phone or a desktop of a Chinese reader opens *url*."""
    touch = {"has_touch": True, "is_mobile": True} if phone else {}
    return {
        "base_url": url,
        "viewport": PHONE if phone else DESKTOP,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",
        **touch,
        **options,
    }


def watch(context: BrowserContext, faults: list[str]) -> None:
    """Gather script errors and breaches of the content security policy in *faults*."""
    context.set_default_timeout(30_000)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on(
        "console",
        lambda message: (
            faults.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )


# No journey may fail for the slowness of a busy machine.
expect.set_options(timeout=30_000)
Opener = Callable[..., BrowserContext]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Opener]:
    """Open browser contexts on a served site: `visit(site, phone=True)`; closed at the end.

    A script error or a breach of the content security policy in any page fails the test.
    """
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def open_one(site: Site, *, phone: bool = False, **options: Any) -> BrowserContext:
        context = browser.new_context(**context_settings(site.url, phone=phone, **options))
        watch(context, faults)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert not faults, faults


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, started once per process."""
    # The browser's driver runs an event loop in this thread, which Django would refuse to share.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(chromium()), args=arguments(), headless=True
        )
        yield started
        started.close()


@pytest.fixture
def open_context(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts on the live server: `open_context(phone=True)`; closed at the end.

    A script error or a breach of the content security policy in any page fails the test.
    """
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def open_one(*, phone: bool = False, **options: Any) -> BrowserContext:
        context = browser.new_context(**context_settings(live_server.url, phone=phone, **options))
        watch(context, faults)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert not faults, faults


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> Page:
    """A page on a phone."""
    return open_context(phone=True).new_page()


@pytest.fixture
def desktop(open_context: Callable[..., BrowserContext]) -> Page:
    """A page on a desktop."""
    return open_context().new_page()
