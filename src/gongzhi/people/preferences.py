"""Language and print size in the browser: cookies that last longer than a session."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

_YEAR = 365 * 24 * 3600  # seconds


def set_cookies(response: HttpResponse, language: str, large_print: bool) -> None:
    """Let this browser show the chosen language and print size."""
    wanted = {settings.LANGUAGE_COOKIE_NAME: language, "large_print": "1" if large_print else "0"}
    for name, value in wanted.items():
        response.set_cookie(
            name, value, max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
