"""What happens to webhooks' endpoints, in the past tense; addresses stay in their records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class EndpointAdded(Fact):
    """Somebody had events sent to a program; `owner` is whose reach bounds them."""

    kind: ClassVar[str] = "interchange.endpoint_added"
    endpoint: int
    owner: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndpointPaused(Fact):
    """An endpoint gets nothing until it is resumed."""

    kind: ClassVar[str] = "interchange.endpoint_paused"
    endpoint: int
    by: str


@dataclass(frozen=True, slots=True)
class EndpointResumed(Fact):
    """An endpoint gets events again."""

    kind: ClassVar[str] = "interchange.endpoint_resumed"
    endpoint: int


@dataclass(frozen=True, slots=True)
class EndpointRemoved(Fact):
    """An endpoint gets nothing any more."""

    kind: ClassVar[str] = "interchange.endpoint_removed"
    endpoint: int


@dataclass(frozen=True, slots=True)
class DeliveryResent(Fact):
    """Somebody had a delivery sent once more."""

    kind: ClassVar[str] = "interchange.delivery_resent"
    endpoint: int
    delivery: int
