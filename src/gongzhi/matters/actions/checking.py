"""What is reported, and whether it can be taken as it is: words, contact, place, category."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.areas.errors import AreaUnknown
from gongzhi.kernel import codes, coordinates
from gongzhi.kernel.errors import FieldProblem
from gongzhi.matters.choices import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_TITLE,
    LONGEST_WORDS,
    MOST_PHOTOS,
    Channel,
)
from gongzhi.matters.errors import CategoryUnknown, MatterInvalid, PlaceUnknown
from gongzhi.matters.queries.categories import category_book
from gongzhi.messages import queries as notices
from gongzhi.messages.errors import AddressInvalid

_SENTENCE = re.compile(r"[。！？!?；;\n\r]")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|\d{7,8}", re.ASCII)
_LONGEST_KEY = 200
_TEXTS = {
    "words": LONGEST_WORDS,
    "title": LONGEST_TITLE,
    "name": LONGEST_NAME,
    "place_text": LONGEST_PLACE,
    "submit_key": _LONGEST_KEY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMatter:
    """What somebody reports. Only `words` is needed.

    `lon` and `lat` are degrees, WGS84 unless `system` says `gcj02`; `area` a chosen code
    (community or deeper). `anonymous` keeps neither name nor phone; the e-mail address is
    kept aside, where nobody of the staff sees it, and each public step is told there.
    `photos` are files as uploaded; `source` names the record that it was drafted from. The same
    `submit_key` (at least 128 random bits) twice is one report.
    """

    words: str
    category: str = ""
    channel: str = Channel.WEB.value
    anonymous: bool = False
    name: str = ""
    phone: str = ""
    email: str = ""
    place_text: str = ""
    lon: float | None = None
    lat: float | None = None
    system: coordinates.System = "wgs84"
    area: str = ""
    title: str = ""
    photos: tuple[bytes, ...] = ()
    submit_key: str = ""
    source: str = ""


def check_report(report: NewMatter) -> NewMatter:
    """Return the report with its texts as they are kept; raise `MatterInvalid` with all faults."""
    texts = {field: getattr(report, field).strip() for field in _TEXTS}
    problems = [problem for field, text in texts.items() if (problem := _text(field, text))]
    if not texts["words"]:
        problems.append(FieldProblem("words", _("请写下要反映的事"), _("写清什么事、在哪里")))
    phone = clean_phone(report.phone)
    if report.phone.strip() and not phone:
        mend = _("请填写 11 位手机号，或带区号的固定电话")
        problems.append(FieldProblem("phone", _("电话号码不对"), mend))
    email, wrong = _email(report.email)
    problems += wrong
    if report.channel not in Channel.values:
        mend = _("可用：%(known)s") % {"known": "、".join(Channel.values)}
        problems.append(FieldProblem("channel", _("没有这个来源"), mend))
    problems += _point(report)
    if len(report.photos) > MOST_PHOTOS:
        mend = _("最多 %(n)d 张") % {"n": MOST_PHOTOS}
        problems.append(FieldProblem("photos", _("照片太多"), mend))
    if problems:
        raise MatterInvalid.many(problems)
    if report.anonymous:
        texts["name"] = phone = ""
    return replace(report, phone=phone, email=email, **texts)


def clean_phone(text: str) -> str:
    """Return the digits of a phone number without +86, spaces and dashes; "" when it is none."""
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    return digits if _PHONE.fullmatch(digits) else ""


def _email(text: str) -> tuple[str, tuple[FieldProblem, ...]]:
    """Return an e-mail address as it is kept, or what is wrong with it."""
    try:
        return notices.clean_address(text), ()
    except AddressInvalid as error:
        return "", error.problems


def _text(field: str, text: str) -> FieldProblem | None:
    if len(text) > _TEXTS[field]:
        words = {"most": _TEXTS[field], "now": len(text)}
        message = _("最多 %(most)d 字，现有 %(now)d 字") % words
        return FieldProblem(field, message, _("请删减后再提交"))
    if not is_storable(text):
        return FieldProblem(field, _("含有不能保存的字符"), _("请重新输入这段文字"))
    return None


def is_storable(text: str) -> bool:
    """Whether the database can hold *text*: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _point(report: NewMatter) -> list[FieldProblem]:
    lon, lat = report.lon, report.lat
    if lon is None and lat is None:
        return []
    if lon is None or lat is None:
        missing = "lon" if lon is None else "lat"
        return [FieldProblem(missing, _("经度和纬度要一起给"), _("请补全，或都去掉"))]
    found = []
    if not (math.isfinite(lon) and -180 <= lon <= 180):
        found.append(FieldProblem("lon", _("经度超出范围"), _("经度在 -180 到 180 之间")))
    if not (math.isfinite(lat) and -90 <= lat <= 90):
        found.append(FieldProblem("lat", _("纬度超出范围"), _("纬度在 -90 到 90 之间")))
    return found


def refuse_unknown_category(category: str, table: int) -> None:
    """Raise `CategoryUnknown` unless the table has *category*, or none is given."""
    if category and category not in category_book(table).categories:
        raise CategoryUnknown(field="category", mend=_("请从类别表中选择，或不选"))


def place_of(report: NewMatter) -> tuple[str, bool]:
    """Return the code of the place, and whether a point decided it; raise `PlaceUnknown`."""
    if report.lon is not None and report.lat is not None:
        lon, lat = coordinates.to_wgs84(report.lon, report.lat, report.system)
        found = areas.locate(lon, lat)
        if found:
            return found, True
        if not report.area:
            mend = _("请在地图上移到本区之内，或改选街道、社区、网格")
            raise PlaceUnknown(_("这个位置不在本区范围内"), field="lon", mend=mend)
    served = [district.code for district in areas.districts()]
    if not served:
        raise PlaceUnknown(_("系统还没有载入区划"), field="area", mend=_("请联系管理员"))
    if not report.area:
        return served[0], False
    return check_place(report.area, served), False


def check_place(code: str, served: list[str] | None = None) -> str:
    """Return the code of a chosen place, a community or deeper; raise `PlaceUnknown`."""
    mend = _("请从街道、社区、网格中选择")
    if not codes.is_code(code):
        message = _("“%(code)s”不是区划代码") % {"code": code[:40]}
        raise PlaceUnknown(message, field="area", mend=mend)
    if len(code) < codes.LENGTHS["community"]:
        raise PlaceUnknown(_("地点选得太大"), field="area", mend=_("请选到社区或网格"))
    if served is None:
        served = [district.code for district in areas.districts()]
    if not code.startswith(tuple(served)):
        raise PlaceUnknown(field="area", mend=mend)
    try:
        return areas.get_area(code).code
    except AreaUnknown:
        raise PlaceUnknown(_("没有这个区域"), field="area", mend=mend) from None


def title_of(words: str) -> str:
    """Return the first sentence of *words*, cut to the length of a title."""
    first = next((part.strip() for part in _SENTENCE.split(words) if part.strip()), words)
    first = " ".join(first.split())
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"
