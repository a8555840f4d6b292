"""The WSGI application that Granian serves: programs with a token take the short way in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
_pages = get_wsgi_application()

# These need the applications loaded, which the line above has done.
from django.conf import settings  # noqa: E402
from django.core.handlers.exception import convert_exception_to_response  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402


class TokenHandler(WSGIHandler):
    """Serves what a browser's session has no part in, through `TOKEN_MIDDLEWARE` alone.

    Sessions, sign-in, messages and policies for pages cost more than many an operation itself.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002  # the parent's form
        """Build the chain as Django does, from the shorter list; every part of it is a class."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        inner = self._get_response  # type: ignore[attr-defined]  # the stub lacks it
        handler: Callable[..., Any] = convert_exception_to_response(inner)
        for path in reversed(settings.TOKEN_MIDDLEWARE):
            part = import_string(path)(handler)
            if hasattr(part, "process_view"):
                self._view_middleware.insert(0, part.process_view)
            if hasattr(part, "process_exception"):
                self._exception_middleware.append(part.process_exception)
            handler = convert_exception_to_response(part)
        self._middleware_chain = handler


_programs = TokenHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request of a program with a token, or of anybody else."""
    address = environ.get("PATH_INFO", "")
    token = environ.get("HTTP_AUTHORIZATION", "")[:7].lower() == "bearer "
    # Open311 knows no sessions at all: whoever comes has a key or reads what is public.
    by_token = (token and address.startswith("/api/")) or address.startswith("/open311/v2/")
    return (_programs if by_token else _pages)(environ, start_response)
