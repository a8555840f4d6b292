"""Where the embedded database keeps its files and its socket."""

from __future__ import annotations

import hashlib
from pathlib import Path

# A socket's whole path fits in 107 bytes; PostgreSQL adds "/.s.PGSQL.5432".
_LONGEST = 90


def data_directory(var: Path) -> Path:
    """Return the data directory of the embedded PostgreSQL."""
    return var / "pg" / "data"


def socket_directory(var: Path) -> Path:
    """Return the directory of its socket: in *var* where the path is short enough."""
    near = var / "pg" / "run"
    if len(str(near).encode()) <= _LONGEST:
        return near
    name = hashlib.sha256(str(var).encode()).hexdigest()[:16]
    return Path("/tmp") / f"gongzhi-{name}"  # noqa: S108  # owner-only, checked when made
