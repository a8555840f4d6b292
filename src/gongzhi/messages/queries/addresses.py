"""Addresses as their owners see them: always masked."""

from __future__ import annotations

from dataclasses import dataclass

from gongzhi.kernel import clock, crypto
from gongzhi.kernel.actor import Actor
from gongzhi.messages import rules
from gongzhi.messages.addresses import (
    ADDRESS_PURPOSE,
    LINK_PURPOSE,
    is_confirm_secret,
    is_stop_secret,
    mask_address,
)
from gongzhi.messages.errors import ConfirmLinkWrong, StopLinkWrong
from gongzhi.messages.models import Address


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """The e-mail address of an account, masked, and the kinds of notice that go to it."""

    masked: str
    kinds: tuple[str, ...]


def own_address(actor: Actor) -> OwnAddress:
    """Return the actor's own address; without one, the kinds chosen beforehand."""
    found = Address.objects.filter(account=actor.account).first() if actor.account else None
    if found is None:
        return OwnAddress("", tuple(k for k, kind in rules.rules().kinds.items() if kind.email))
    return OwnAddress(masked(found), tuple(found.kinds))


def resident_address(address: int, secret: str) -> Address:
    """Return a resident's address to whoever holds the link of a mail; raise `StopLinkWrong`."""
    right = is_stop_secret(address, secret)
    found = Address.objects.filter(pk=address, account=None).first()
    if found is None or not right:
        raise StopLinkWrong()
    return found


def address_to_confirm(address: int, secret: str) -> Address:
    """Return a resident's address to whoever holds the link of its first mail.

    Raises `ConfirmLinkWrong`, also when the time to confirm is over.
    """
    right = is_confirm_secret(address, secret)
    found = Address.objects.filter(pk=address, account=None).first()
    if found is None or not right or not (found.confirmed_at or waits_for_confirmation(found)):
        raise ConfirmLinkWrong()
    return found


def waits_for_confirmation(address: Address) -> bool:
    """Whether an address may still be confirmed."""
    by = address.confirm_by
    return address.confirmed_at is None and by is not None and by > clock.now()


def resident_links(subject_kind: str, subject: int) -> dict[int, str]:
    """Return the addresses that residents confirmed for a subject, each with its link's path."""
    found = Address.objects.filter(subject_kind=subject_kind, subject_id=subject, stopped_at=None)
    found = found.exclude(link_sealed=None).exclude(confirmed_at=None).order_by("id")
    sealed = found.values_list("id", "link_sealed")
    return {number: crypto.open_sealed(link, LINK_PURPOSE) for number, link in sealed if link}


def masked(address: Address) -> str:
    """Return an address as it may be shown."""
    return mask_address(crypto.open_sealed(address.sealed, ADDRESS_PURPOSE))
