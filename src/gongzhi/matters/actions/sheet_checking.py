"""Checks the rows of a sheet one by one: what is wrong, how to mend it, what is offered instead."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.kernel import clock, codes
from gongzhi.matters.actions.checking import NewMatter, clean_phone, is_storable
from gongzhi.matters.choices import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_TITLE,
    LONGEST_WORDS,
)
from gongzhi.matters.models import ForeignNumber
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.sheet_rows import Checked, Wrong
from gongzhi.matters.sheets import Line, SheetKind
from gongzhi.messages.errors import AddressInvalid
from gongzhi.messages.queries import clean_address

_LONGEST: Final = {
    "number": 80,
    "words": LONGEST_WORDS,
    "title": LONGEST_TITLE,
    "place_text": LONGEST_PLACE,
    "name": LONGEST_NAME,
}
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


class Checking:
    """Checks rows of one kind of sheet: names of places and categories are read once."""

    def __init__(self, kind: SheetKind) -> None:
        self.kind = kind
        self.book = category_book()
        self._by_name = {one.zh: one.code for one in self.book.categories.values()}
        self._places: dict[str, dict[str, list[str]]] = {}

    def rows(self, lines: Sequence[Line], others: Iterable[str] = ()) -> list[Checked]:
        """Return every row checked; *others* are the numbers of rows that are not among them."""
        numbers = Counter(line.values.get("number", "") for line in lines) + Counter(others)
        found = [self._row(line, numbers) for line in lines]
        wanted = [row.meant["number"] for row in found if row.meant.get("number")]
        taken = ForeignNumber.objects.filter(scheme=self.kind.scheme, number__in=wanted)
        known = set(taken.values_list("number", flat=True))
        for row in found:
            row.known = row.meant.get("number") in known
        return found

    def _row(self, line: Line, numbers: Mapping[str, int]) -> Checked:
        row = Checked(line.line, dict(line.values))
        for key in ("number", "words", "title", "place_text", "name"):
            self._text(row, key)
        if row.values.get("number") and numbers[row.values["number"]] > 1:
            words = _("编号 %(number)s 在表里不止一行") % {"number": row.values["number"][:40]}
            row.wrong.append(Wrong("number", words, _("请改成各自的编号，或在原表删去重复的行")))
        self._phone(row)
        self._email(row)
        self._time(row)
        self._place(row)
        self._category(row)
        return row

    def _text(self, row: Checked, key: str) -> None:
        text, most = row.values.get(key, ""), _LONGEST[key]
        label = self.kind.label(key)
        if not text and any(one.key == key and one.required for one in self.kind.columns):
            row.wrong.append(Wrong(key, _("%(label)s是空的") % {"label": label}, _("请补上")))
        elif len(text) > most:
            if key == "title":  # the first words serve as well
                text = f"{text[: most - 1]}…"
            else:
                told = {"label": label, "most": most, "now": len(text)}
                words = _("%(label)s最多 %(most)d 字，现有 %(now)d 字") % told
                row.wrong.append(Wrong(key, words, _("请删减"), text[:most]))
        elif not is_storable(text):
            row.wrong.append(Wrong(key, _("含有不能保存的字符"), _("请重新输入这段文字")))
        row.meant[key] = text

    def _phone(self, row: Checked) -> None:
        text = row.values.get("phone", "")
        phone = clean_phone(text)
        if text and not phone:
            found = _MOBILE.search(text)
            mend = _("请填 11 位手机号或带区号的固定电话，没有就留空")
            row.wrong.append(Wrong("phone", _("电话号码不对"), mend, found[0] if found else ""))
        row.meant["phone"] = phone

    def _email(self, row: Checked) -> None:
        """An address that is none is told before anything is taken in: nobody would answer."""
        try:
            row.meant["email"] = clean_address(row.values.get("email", ""))
        except AddressInvalid as error:
            mend = _("%(mend)s，没有就留空") % {"mend": error.mend}
            row.wrong.append(Wrong("email", str(error.title), mend))

    def _time(self, row: Checked) -> None:
        text = row.values.get("told_at", "")
        at = _moment(text, self.kind.dates)
        if text and at is None:
            row.wrong.append(
                Wrong("told_at", _("时间看不懂"), _("像 2026-11-22 09:30 这样写，或留空"))
            )
        elif at is not None and at > clock.now():
            row.wrong.append(Wrong("told_at", _("时间在将来"), _("请核对年月日，或留空")))
        row.meant["told_at"] = at.isoformat() if at else ""

    # --- places and categories -------------------------------------------------------------------
    def _place(self, row: Checked) -> None:
        street, community = (row.values.get(key, "") for key in ("street", "community"))
        within = self._one(row, "street", street, "")
        found = self._one(row, "community", community, within) if within is not None else None
        row.meant["area"] = found or within or ""

    def _one(self, row: Checked, key: str, name: str, within: str) -> str | None:
        """Return the code of a place by its name or code; None when it is wrong, "" for none."""
        if not name:
            return ""
        known = self._names(key)
        if codes.is_code(name) and any(name in found for found in known.values()):
            return name
        meant = [code for code in known.get(_short(name), ()) if code.startswith(within)]
        if len(meant) == 1:
            return meant[0]
        told = {"label": self.kind.label(key), "name": name[:40]}
        if meant:
            words = _("%(label)s“%(name)s”不止一个") % told
            row.wrong.append(Wrong(key, words, _("请同时写明街道，或填区划代码"), meant[0]))
            return None
        near = [n for n, found in known.items() if any(c.startswith(within) for c in found)]
        like = difflib.get_close_matches(_short(name), near, n=1, cutoff=0.4)
        offer = areas.names([known[like[0]][0]])[known[like[0]][0]] if like else ""
        words = _("没有叫“%(name)s”的%(label)s") % told
        row.wrong.append(Wrong(key, words, _("请改成本区的名称，不清楚就留空"), offer))
        return None

    def _names(self, key: str) -> dict[str, list[str]]:
        """Return the codes of the district's streets or communities by their short names."""
        if key not in self._places:
            level: Any = key
            found = [c for d in areas.districts() for c in areas.codes_within(d.code, level)]
            by_name: dict[str, list[str]] = {}
            for code, name in areas.names(found).items():
                by_name.setdefault(_short(name), []).append(code)
            self._places[key] = by_name
        return self._places[key]

    def _category(self, row: Checked) -> None:
        """Another system's kinds are not ours: one that has no line of ours is left open."""
        text = row.values.get("category", "")
        code = self.kind.categories.get(text) or self._by_name.get(text) or text
        row.meant["category"] = code if code in self.book.categories else ""


def _short(name: str) -> str:
    """Return a place's name without what it may be left out with."""
    bare = "".join(name.split())
    for ending in (
        "社区居民委员会",
        "居民委员会",
        "社区居委会",
        "街道办事处",
        "居委会",
        "社区",
        "街道",
    ):
        if bare.endswith(ending) and len(bare) > len(ending):
            return bare.removesuffix(ending)
    return bare


def _moment(text: str, forms: Sequence[str]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(tzinfo=clock.LOCAL)
        except ValueError:
            continue
    return None


def as_report(kind: SheetKind, row: Checked) -> NewMatter:
    """Return the report that a good row makes."""
    meant = row.meant
    area = meant["area"] if len(meant["area"]) >= codes.LENGTHS["community"] else ""
    place = meant["place_text"]
    if meant["area"] and not area:  # a street alone is told in words: whoever takes it in places it
        place = f"{row.values.get('street', '')} {place}".strip()[:LONGEST_PLACE]
    return NewMatter(
        words=meant["words"],
        title=meant["title"],
        category=meant["category"],
        channel=kind.channel,
        name=meant["name"],
        phone=meant["phone"],
        email=meant.get("email", ""),  # rows checked before there was this column have none
        anonymous=not (meant["name"] or meant["phone"]),
        place_text=place,
        area=area,
    )
