"""How names, phones, identity numbers and addresses are written, checked and masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from gongzhi.kernel import crypto
from gongzhi.kernel.errors import FieldProblem
from gongzhi.people.errors import PersonalDataInvalid

_PHONE = re.compile(r"^(?:1[3-9]\d{9}|0\d{9,11}|\d{7,8})$")
_ID_NUMBER = re.compile(r"^\d{17}[\dX]$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LONGEST = {"name": 40, "address": 120}

MASKS: dict[str, Callable[[str], str]] = {
    "name": crypto.mask_name,
    "phone": crypto.mask_phone,
    "id_number": crypto.mask_id_number,
    "address": crypto.mask_address,
}


def purpose(field: str) -> str:
    """Return the purpose for which a field is sealed and indexed."""
    return f"people.{field}"


def clean_phone(text: str) -> str:
    """Return the digits of a phone number, without +86, spaces and dashes; "" when it is none."""
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    return digits if _PHONE.match(digits) and digits.isascii() else ""


def clean_id_number(text: str) -> str:
    """Return an 18-digit identity number whose check digit holds (GB 11643), else ""."""
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not _ID_NUMBER.match(number) or not number.isascii():
        return ""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number if "10X98765432"[total % 11] == number[-1] else ""


def clean(values: Mapping[str, str]) -> dict[str, str]:
    """Return personal data as it is stored; raise `PersonalDataInvalid` for all that is wrong."""
    found: dict[str, str] = {}
    problems: list[FieldProblem] = []
    for field, given in values.items():
        text = unicodedata.normalize("NFKC", given).strip()
        cleaned = _CLEANERS[field](text) if text else ""
        if text and not cleaned:
            problems.append(_problem(field))
        found[field] = cleaned
    if problems:
        raise PersonalDataInvalid.many(problems)
    return found


def _short(field: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        good = len(text) <= _LONGEST[field] and text.isprintable()
        return text if good else ""

    return check


_CLEANERS: dict[str, Callable[[str], str]] = {
    "name": _short("name"),
    "phone": clean_phone,
    "id_number": clean_id_number,
    "address": _short("address"),
}


def _problem(field: str) -> FieldProblem:
    words = {
        "name": (_("姓名不能超过 40 个字"), _("请填写真实姓名")),
        "phone": (_("手机号不正确"), _("请填写 11 位手机号，或带区号的固定电话")),
        "id_number": (_("身份证号不正确"), _("请核对 18 位号码，末位可为 X")),
        "address": (_("住址不能超过 120 个字"), _("请写到门牌号即可")),
    }
    return FieldProblem(field, *words[field])
