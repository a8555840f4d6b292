"""Reference numbers that can be read out on the phone: `CC-2611-04827-3`.

Prefix, year and month, running number, check digit. The check digit is Damm's: it finds every
single wrong digit and every swap of two neighbouring digits, also across the hyphens. The letters
of the prefix take part, so that most mistaken prefixes are found too (one decimal digit cannot
find all of them: there are more letters than digits).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from gongzhi.kernel.errors import InvalidInput

# Damm's totally anti-symmetric quasigroup of order ten, with zeros on the diagonal.
_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_MONTH = re.compile(r"\d\d(?:0[1-9]|1[0-2])")
_PREFIX = re.compile(r"[A-Z]{1,6}")
_WRITTEN = re.compile(
    r"(?P<prefix>[A-Z]{1,6})-?(?P<month>\d\d(?:0[1-9]|1[0-2]))-?(?P<number>\d{5,10})-?(?P<check>\d)",
    re.ASCII,
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－ー_·.", "-"))
LONGEST = 60


class InvalidReference(InvalidInput):
    """Not a reference number: wrong form, or a check digit that does not fit."""

    code: ClassVar[str] = "invalid-reference"


def make(prefix: str, month: date | str, number: int) -> str:
    """The reference of running `number` (from 1) in `month` (a date, or `YYMM`)."""
    yymm = month if isinstance(month, str) else f"{month:%y%m}"
    if not _PREFIX.fullmatch(prefix) or not _MONTH.fullmatch(yymm) or not 1 <= number < 10**10:
        raise ValueError(f"no reference for {prefix!r}, {month!r}, {number!r}")
    digits = f"{number:05d}"
    return f"{prefix}-{yymm}-{digits}-{_check_digit(prefix, yymm + digits)}"


def check(text: str) -> str:
    """The reference in its one written form. Raises `InvalidReference`.

    Accepts full-width and lower-case letters, any dashes, spaces, or no separators at all.
    """
    if len(text) > LONGEST:
        raise InvalidReference(_("编号太长"), field="reference", mend=_form())
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    plain = re.sub(r"\s+", "", plain)
    match = _WRITTEN.fullmatch(re.sub(r"-+", "-", plain))
    if match is None:
        raise InvalidReference(_("编号的写法不对"), field="reference", mend=_form())
    prefix, yymm, digits, last = match.groups()
    if _check_digit(prefix, yymm + digits) != int(last):
        mend = _("请对照短信或回执逐位核对，常见的是一位数字记错或相邻两位颠倒")
        raise InvalidReference(_("编号有误，末位校验不符"), field="reference", mend=mend)
    return f"{prefix}-{yymm}-{digits}-{last}"


def _form() -> str:
    return _("写成 CC-2611-04827-3 这样：字母、年月、序号、校验位")


def _check_digit(prefix: str, digits: str) -> int:
    """Damm's digit; a letter counts as the last digit of its place in the alphabet."""
    letters = "".join(str((ord(letter) - ord("A") + 1) % 10) for letter in prefix)
    state = 0
    for digit in letters + digits:
        state = int(_TABLE[state][int(digit)])
    return state
