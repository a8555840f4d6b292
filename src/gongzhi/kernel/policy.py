"""Decisions: the same value enforces an action, hides a button and explains a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongzhi.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed, and if not, why, in words for the person."""

    allowed: bool
    reason: Any = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refuse(reason: Any) -> Decision:
    """Return a refusal with its reason."""
    return Decision(False, reason)


def allow_if(condition: bool, reason: Any) -> Decision:
    """Return `ALLOWED` when *condition* holds, else a refusal with *reason*."""
    return ALLOWED if condition else refuse(reason)


def require(decision: Decision) -> None:
    """Raise `NotAllowed` with the decision's reason unless it allows."""
    if not decision.allowed:
        raise NotAllowed(decision.reason)
