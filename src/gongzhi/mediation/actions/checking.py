"""Texts of disputes and consultations as they are kept: checked, then sealed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.areas.errors import AreaUnknown
from gongzhi.kernel import clock, codes, crypto
from gongzhi.kernel.errors import FieldProblem, InvalidInput
from gongzhi.mediation.choices import LONGEST_NAME, LONGEST_WORDS, NAME, PHONE, WORDS
from gongzhi.mediation.errors import RecordInvalid
from gongzhi.people.choices import REVEAL_REASONS

_LONGEST_REASON = 500
_NUMBER = re.compile(r"1[3-9]\d{9}|0\d{9,11}|\d{7,8}", re.ASCII)


def sealed_words(field: str, text: str, *, needed: bool = True) -> bytes | None:
    """Return a text sealed, None for none; raise `RecordInvalid` for none needed or too long."""
    text = text.strip()
    if needed and not text:
        raise RecordInvalid(_("这一项没有填"), field=field, mend=_("请用几句话写明"))
    if len(text) > LONGEST_WORDS or "\x00" in text:
        words = _("最多 %(most)d 字，现有 %(now)d 字") % {"most": LONGEST_WORDS, "now": len(text)}
        raise RecordInvalid(words, field=field, mend=_("请删减后再提交"))
    return crypto.seal(text, WORDS) if text else None


def sealed_person(name: str, phone: str, *, number: int = 0) -> tuple[bytes, bytes | None]:
    """Return name and phone sealed; raise `RecordInvalid` for no name or what is no phone.

    *number* is the row of the form that a problem is shown at, when there are several.
    """
    at = f"_{number}" if number else ""
    name, phone = name.strip(), phone.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        mend = _("请写姓名或单位名称，40 个字以内")
        raise RecordInvalid(_("没有写清是谁"), field=f"name{at}", mend=mend)
    digits = _digits(phone)
    if phone and not digits:
        mend = _("请填写 11 位手机号，或带区号的固定电话")
        raise RecordInvalid(_("电话号码不对"), field=f"phone{at}", mend=mend)
    return crypto.seal(name, NAME), crypto.seal(digits, PHONE) if digits else None


def _digits(text: str) -> str:
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    return digits if _NUMBER.fullmatch(digits) else ""


def sent_before(model: Any, key: str) -> tuple[bytes | None, int | None]:
    """Return the digest of a form's key, and the case that the same form made before.

    One form of a key goes on at a time: a second press waits, then finds what the first one made.
    """
    if not key:
        return None, None
    digest = hashlib.sha256(key.encode()).digest()
    with connection.cursor() as cursor:
        number = int.from_bytes(digest[:8], signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    found = model.objects.filter(submit_hash=digest).values_list("case_id", flat=True).first()
    return digest, found


def not_later_than_today(field: str, day: date) -> date:
    """Return a day on which something was done; raise `RecordInvalid` for one to come."""
    if day > clock.today():
        raise RecordInvalid(_("日期还没有到"), field=field, mend=_("请填已经过去的日期"))
    return day


def checked_place(area: str) -> str:
    """Return a community, grid or deeper area that exists; raise `RecordInvalid`."""
    try:
        if not codes.is_code(area) or len(area) < codes.LENGTHS["community"]:
            raise AreaUnknown()
        return areas.get_area(area).code
    except AreaUnknown:
        problem = FieldProblem("area", _("没有选到社区"), _("请选到社区或网格"))
        raise RecordInvalid.many([problem]) from None


def reason_words(reason: str, words: str) -> str:
    """Return the words of a reason to look at names; raise `InvalidInput` without a reason."""
    if reason not in dict(REVEAL_REASONS):
        raise InvalidInput(_("没有选择查看理由"), field="reason", mend=_("请从列表中选择"))
    words = words.strip()
    if reason == "other" and not words:
        refused = _("选择“其他”时须写明理由")
        raise InvalidInput(refused, field="words", mend=_("请用一句话说明为何需要查看"))
    if len(words) > _LONGEST_REASON or "\x00" in words:
        raise InvalidInput(_("说明太长"), field="words", mend=_("请写在 500 字以内"))
    return words
