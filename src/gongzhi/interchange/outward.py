"""Where events may be sent, and how a try to send one went."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from gongzhi.interchange.choices import Fault

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Result:
    """How one try went: no fault means that it was taken."""

    status: int | None
    ms: int
    fault: str = ""


def url_fault(url: str) -> str:
    """Return what is wrong with an endpoint's address, or an empty text."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Fault.NAME
    loopback = settings.WEBHOOKS_TO_LOOPBACK
    if parts.scheme not in (("https", "http") if loopback else ("https",)) or not host:
        return Fault.NAME
    if parts.username is not None or parts.password is not None or port == 0 or parts.fragment:
        return Fault.NAME
    if not url.isprintable() or any(letter.isspace() or letter == "\\" for letter in url):
        return Fault.NAME
    try:
        return "" if is_allowed(ipaddress.ip_address(host)) else Fault.ADDRESS
    except ValueError:
        return ""  # a name, looked up when it is used


def is_allowed(address: Address) -> bool:
    """Whether an event may go there: public addresses, and this machine where settings say so."""
    inner = _inner(address)
    if inner is not None:
        return is_allowed(inner)
    if address.is_loopback and settings.WEBHOOKS_TO_LOOPBACK:
        return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> Address | None:
    """Return the address that an IPv6 address carries within."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
