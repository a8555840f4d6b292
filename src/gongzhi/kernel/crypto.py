"""Personal data at rest: sealed texts (AES-GCM), blind indexes (HMAC) and masks.

A key is derived for every purpose, so that a text sealed as a phone number opens as nothing
else, and equal texts under two purposes have unrelated indexes. The first bytes of a sealed
text name the key, so that old data stays readable after a new key has been put in front.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_FORMAT = b"\x01"
_KEY_ID = 4
_NONCE = 12
_MOBILE = 11
_LANDLINE = 7


Sealed: TypeAlias = "bytes | memoryview[int]"


class CannotOpen(ValueError):
    """A sealed text is damaged, was sealed for another purpose, or its key is not here."""


class KeyRing:
    """The master keys of this installation: one seals, all open, the index key never changes."""

    def __init__(self, sealing: Mapping[str, bytes], current: str, index: bytes) -> None:
        self._sealing = {_key_id(key): key for key in sealing.values()}
        self._newest = _key_id(sealing[current])
        self._index = index
        self._derived: dict[tuple[bytes, str], bytes] = {}

    def _derive(self, key_id: bytes, purpose: str) -> bytes:
        found = self._derived.get((key_id, purpose))
        if found is None:
            master = self._sealing.get(key_id)
            if master is None:
                raise CannotOpen(f"no key {key_id.hex()} in the key ring")
            found = _hkdf(master, f"seal:{purpose}")
            self._derived[key_id, purpose] = found
        return found

    def seal(self, text: str, purpose: str) -> bytes:
        """Return *text* encrypted for *purpose* with the newest key."""
        nonce = os.urandom(_NONCE)
        head = _FORMAT + self._newest
        cipher = AESGCM(self._derive(self._newest, purpose))
        return head + nonce + cipher.encrypt(nonce, text.encode(), head + purpose.encode())

    def open(self, sealed: Sealed, purpose: str) -> str:
        """Return the text in *sealed*; raise `CannotOpen` for any other purpose or damage."""
        raw = bytes(sealed)
        head, rest = raw[: 1 + _KEY_ID], raw[1 + _KEY_ID :]
        if head[:1] != _FORMAT or len(rest) <= _NONCE:
            raise CannotOpen("not a sealed text")
        cipher = AESGCM(self._derive(head[1:], purpose))
        try:
            return cipher.decrypt(rest[:_NONCE], rest[_NONCE:], head + purpose.encode()).decode()
        except InvalidTag as error:
            raise CannotOpen("damaged, or sealed for another purpose") from error

    def index(self, text: str, purpose: str) -> bytes:
        """Return the blind index of *text*: equal texts of one purpose have equal indexes."""
        key = self._derived.get((b"", purpose))
        if key is None:
            key = self._derived[b"", purpose] = _hkdf(self._index, f"index:{purpose}")
        return hmac.new(key, normal(text).encode(), hashlib.sha256).digest()

    def is_newest(self, sealed: Sealed) -> bool:
        """Whether *sealed* was made with the newest key, or waits to be sealed anew."""
        return bytes(sealed)[1 : 1 + _KEY_ID] == self._newest


def _hkdf(master: bytes, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode()).derive(master)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"gongzhi key id" + key).digest()[:_KEY_ID]


@functools.cache
def key_ring() -> KeyRing:
    """Return this installation's keys: settings DATA_KEYS, DATA_KEY_CURRENT and INDEX_KEY."""
    return KeyRing(settings.DATA_KEYS, settings.DATA_KEY_CURRENT, settings.INDEX_KEY)


def normal(text: str) -> str:
    """Return *text* as it is compared: full-width folded, no spaces, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def seal(text: str, purpose: str) -> bytes:
    """Return *text* encrypted for *purpose* (`people.phone`)."""
    return key_ring().seal(text, purpose)


def open_sealed(sealed: Sealed, purpose: str) -> str:
    """Return the text sealed for *purpose*; raise `CannotOpen` when it cannot be."""
    return key_ring().open(sealed, purpose)


def blind_index(text: str, purpose: str) -> bytes:
    """Return the look-up index of *text* for *purpose*: 32 bytes that tell nothing alone."""
    return key_ring().index(text, purpose)


def mask_name(name: str) -> str:
    """Return a name of which only the first letter shows: 李**, always two stars."""
    return f"{name[:1]}**" if name else ""


def mask_phone(phone: str) -> str:
    """Return a number with its middle hidden, 138****0417; of a short one only the end shows."""
    if len(phone) >= _MOBILE:
        return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"
    shown = 3 if len(phone) >= _LANDLINE else 0
    return "*" * (len(phone) - shown) + phone[len(phone) - shown :]


def mask_id_number(number: str) -> str:
    """Return an identity number of which only the last two characters show."""
    return "*" * max(len(number) - 2, 0) + number[-2:]


def mask_address(address: str) -> str:
    """Return an address of which only the beginning shows, never house or flat."""
    return f"{address[:3]}****" if address else ""
