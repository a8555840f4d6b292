"""What happens to notices that somebody must be able to look up: addresses and dead letters.

That somebody was told something is no fact of its own: it follows from the fact it tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class AddressKept(Fact):
    """Somebody of the staff left an e-mail address, or took it away."""

    kind: ClassVar[str] = "notices.address_kept"
    account: int
    removed: bool
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressConfirmed(Fact):
    """A resident's address was confirmed by whoever reads what is sent there."""

    kind: ClassVar[str] = "notices.address_confirmed"
    address: int


@dataclass(frozen=True, slots=True)
class MailsStopped(Fact):
    """A resident stopped the e-mails about a matter, or asked for them again."""

    kind: ClassVar[str] = "notices.mails_stopped"
    address: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class AddressErased(Fact):
    """A resident's address was erased: its time was over, or nobody confirmed it."""

    kind: ClassVar[str] = "notices.address_erased"
    address: int


@dataclass(frozen=True, slots=True)
class LetterRetried(Fact):
    """A dead e-mail was sent on its way again."""

    kind: ClassVar[str] = "notices.letter_retried"
    delivery: int


@dataclass(frozen=True, slots=True)
class LetterSettled(Fact):
    """A dead e-mail was looked after and will not be sent."""

    kind: ClassVar[str] = "notices.letter_settled"
    delivery: int


@dataclass(frozen=True, slots=True)
class FactRetried(Fact):
    """A fact that a handler had given up was handed to it again, or set aside."""

    kind: ClassVar[str] = "notices.fact_retried"
    letter: int
    settled: bool
