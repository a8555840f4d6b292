"""What a procedure says of a case beside its stages and moves: asking outside, recusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongzhi.procedures.definition.model import Owner, Span


@dataclass(frozen=True, slots=True)
class Ask:
    """How long a question to the reporter or somebody outside may be answered, `longest` in all."""

    within: Span
    longest: Span


@dataclass(frozen=True, slots=True)
class Recuse:
    """回避: for what reasons (key: label), who may order it and takes over from the last holder.

    An overdue stage's own escalation comes before `by` in taking over.
    """

    by: Owner
    reasons: Mapping[str, str]
