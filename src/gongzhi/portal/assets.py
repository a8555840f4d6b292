"""Where the built front end lies: reads Vite's manifest and names the hashed files of an entry."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

DIST = Path(__file__).parent / "static" / "dist"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The addresses of one entry's style sheets and script."""

    styles: tuple[str, ...]
    script: str | None


def _address(file: str) -> str:
    return f"{settings.STATIC_URL}dist/{file}"


@functools.cache
def _read(changed: int) -> dict[str, Any]:  # noqa: ARG001  # part of the cache's key
    """Read the manifest; *changed* (its modification time) makes a new build a new reading."""
    manifest: dict[str, Any] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    return manifest


def _manifest() -> dict[str, Any]:
    try:
        return _read((DIST / "manifest.json").stat().st_mtime_ns)
    except FileNotFoundError:
        # Pages read and report without scripts or styles, so a missing build must not break them.
        return {}


def bundle(name: str) -> Bundle:
    """Return the style sheets and the script of entry *name*; empty where nothing was built."""
    manifest = _manifest()
    entry = manifest.get(f"src/{name}.ts")
    if entry is None:
        return Bundle((), None)
    styles: list[str] = []
    for key in (*entry.get("imports", ()), None):
        chunk = entry if key is None else manifest[key]
        styles += [_address(css) for css in chunk.get("css", ())]
    return Bundle(tuple(dict.fromkeys(styles)), _address(entry["file"]))


def file_address(name: str) -> str:
    """Return the address of a single built file such as the icon sprite or the mark."""
    for key, chunk in _manifest().items():
        if key.endswith(f"/{name}"):
            return _address(chunk["file"])
    return _address(name)


def worker_script() -> bytes | None:
    """Return the built service worker, None where nothing was built."""
    script = bundle("worker").script
    return (DIST / "assets" / script.rsplit("/", 1)[1]).read_bytes() if script else None
