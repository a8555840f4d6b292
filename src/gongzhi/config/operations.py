"""Mounts every app's REST operations: only this place knows them all."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from gongzhi.interchange.api import api

_PREFIXES = {
    "areas": "/areas", "people": "", "organisations": "", "procedures": "", "matters": "",
}
_mounted: set[str] = set()


def mount() -> None:
    """Put the router of each app that has operations under the API's root, once."""
    for app, prefix in _PREFIXES.items():
        if app not in _mounted and find_spec(f"gongzhi.{app}.api"):
            _mounted.add(app)
            api.add_router(prefix, import_module(f"gongzhi.{app}.api").router)
