"""Compares cases with the log: both are written by the same actions and must tell the same."""

from __future__ import annotations

from gongzhi.kernel.sql import rows


def contradictions() -> list[str]:
    """Return one line for each case that stands otherwise than its facts say; none is right."""
    return [_line(**found) for found in rows("procedures", "contradictions")]


def _line(**found: object) -> str:
    stands = f"{found['status']} {found['stage']} {found['outcome']}".strip()
    told = f"{found['last_kind']} {found['last_stage']} {found['last_outcome']}".strip()
    carried = "" if found["held"] or found["timed"] or found["status"] == "closed" else " 无人承办"
    return f"{found['reference']}: {stands} ≠ {told or '—'}{carried}"
