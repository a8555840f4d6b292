"""How e-mail addresses are written, masked and sealed, and the secrets of their links."""

from __future__ import annotations

import base64
import hmac
import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from gongzhi.kernel import crypto
from gongzhi.messages.choices import LONGEST_ADDRESS
from gongzhi.messages.errors import AddressInvalid

ADDRESS_PURPOSE = "notices.address"
LINK_PURPOSE = "notices.link"
ASKED_PURPOSE = "notices.asked"
_STOP_PURPOSE = "notices.stop"
_CONFIRM_PURPOSE = "notices.confirm"
_IN_WORDS = re.compile(r"[^\s<>'\"(),:;]+@[^\s<>'\"(),:;]+")


def clean_address(text: str) -> str:
    """Return an e-mail address as it is kept; "" for none. Raises `AddressInvalid`."""
    address = unicodedata.normalize("NFKC", text).strip()
    if not address:
        return ""
    try:
        if len(address) > LONGEST_ADDRESS:
            raise ValidationError("")
        validate_email(address)
    except ValidationError as error:
        mend = _("请写成 name@example.com 的样子")
        raise AddressInvalid(field="email", mend=mend) from error
    return address


def mask_address(address: str) -> str:
    """Return an address of which the first letter and the domain show: l***@example.com."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if name else ""


def without_addresses(words: str) -> str:
    """Return a server's words with every address in them masked."""
    return _IN_WORDS.sub(lambda found: mask_address(found[0]), words)


def stop_secret(address: int) -> str:
    """Return the secret that stops the e-mails to one address; it is kept nowhere."""
    return _secret(address, _STOP_PURPOSE)


def is_stop_secret(address: int, given: str) -> bool:
    """Whether *given* is the secret that stops the e-mails to this address."""
    return _same(stop_secret(address), given)


def confirm_secret(address: int) -> str:
    """Return the secret that only the first e-mail to an address carries; it is kept nowhere."""
    return _secret(address, _CONFIRM_PURPOSE)


def is_confirm_secret(address: int, given: str) -> bool:
    """Whether *given* is the secret that confirms this address."""
    return _same(confirm_secret(address), given)


def _secret(address: int, purpose: str) -> str:
    raw = crypto.blind_index(str(address), purpose)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "replace"))
