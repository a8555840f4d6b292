"""Mounts every app's REST operations: only this place knows them all."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest
from ninja.operation import Operation

from gongzhi.interchange.api import api
from gongzhi.kernel.access import Access, check_access

_PREFIXES = {
    "areas": "/areas",
    "people": "",
    "organisations": "",
    "messages": "",
    "procedures": "",
    "matters": "",
    "mediation": "",
    "visits": "",
    "indicators": "",
}
_mounted: set[str] = set()


def mount() -> None:
    """Put the router of each app that has operations under the API's root, once."""
    modules = {f"{app}.api": prefix for app, prefix in _PREFIXES.items()}
    for module, prefix in (modules | {"interchange.webhooks": ""}).items():
        if module not in _mounted and find_spec(f"gongzhi.{module}"):
            _mounted.add(module)
            router = import_module(f"gongzhi.{module}").router
            for view in router.path_operations.values():
                for operation in view.operations:
                    _ask_first(operation)
            api.add_router(prefix, router)


def _ask_first(operation: Operation) -> None:
    """Let the declared access decide before anything of the request is read or judged."""
    needed: Access = vars(operation.view_func)["access"]

    def allowed(request: HttpRequest) -> bool:
        check_access(request, needed)
        return True

    if needed.face in ("api", "account"):
        operation.auth_callbacks = [allowed]
