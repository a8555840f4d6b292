"""Checks a page against WCAG 2.2 AA with axe-core, in the browser that shows it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SOURCE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return _SOURCE.read_text("utf-8")


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds wrong with the page as it stands."""
    # Evaluated through the debugger, not as a script of the page: its policy allows no such script.
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate(
        "levels => axe.run(document, {runOnly: {type: 'tag', values: levels}})", _LEVELS
    )
    return list(found["violations"])


def _told(violation: dict[str, Any]) -> str:
    nodes = "\n".join(
        f"    {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for node in violation["nodes"][:5]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"


def assert_no_violations(page: Page) -> None:
    """Fail with what is wrong and where, when axe finds anything."""
    found = violations(page)
    assert not found, f"{page.url}\n" + "\n".join(map(_told, found))
