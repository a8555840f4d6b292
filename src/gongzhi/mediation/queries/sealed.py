"""Sealed texts as they are read: opened for whoever may see the record, names masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongzhi.kernel import crypto
from gongzhi.mediation.choices import NAME, PHONE, WORDS

Sealed = bytes | memoryview | None


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody as every page shows him: name and phone masked."""

    number: int
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Held:
    """One mediation or talk, as it was written down."""

    on: date
    words: str
    led: str = ""


def opened(sealed: Sealed, purpose: str = WORDS) -> str:
    """Return the text of a sealed field, '' for none."""
    return crypto.open_sealed(bytes(sealed), purpose) if sealed else ""


def masked(number: int, name: Sealed, phone: Sealed) -> PersonShown:
    """Return somebody masked."""
    shown = crypto.mask_name(opened(name, NAME)), crypto.mask_phone(opened(phone, PHONE))
    return PersonShown(number, *shown)


def whole(number: int, name: Sealed, phone: Sealed) -> PersonShown:
    """Return somebody unmasked: for an action that records who looked."""
    return PersonShown(number, opened(name, NAME), opened(phone, PHONE))
