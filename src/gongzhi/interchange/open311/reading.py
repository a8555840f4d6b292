"""Reads what a client asks for, in the standard's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gongzhi.areas.queries import districts
from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS, Actor
from gongzhi.kernel.errors import InvalidInput, NotAllowed, NotFound
from gongzhi.matters.actions import NewMatter
from gongzhi.matters.choices import LONGEST_WORDS, REPORT, Channel
from gongzhi.organisations.queries import actor_for_token

LONGEST_SPAN = timedelta(days=90)
MOST = 1000
STATUSES = ("open", "closed")
LONGEST_WORD = 200
SHORTEST_TOKEN = 22  # characters: fewer can be guessed


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are asked for; references stand above everything else."""

    references: tuple[str, ...]
    codes: tuple[str, ...]
    statuses: tuple[str, ...]
    first: datetime
    last: datetime
    most: int = MOST


def check_jurisdiction(request: HttpRequest, given: str) -> None:
    """Raise `NotFound` for a jurisdiction that is not served; none need be named."""
    if not given:
        return
    known = {request.get_host().partition(":")[0]}
    for one in districts():
        known |= {one.code, one.folder, one.name}
    if given not in known:
        raise NotFound(_("这里不受理这个地区"), field="jurisdiction_id")


def asker(request: HttpRequest) -> Actor:
    """Return whose key came with the request, nobody without one; raise `NotAllowed`.

    A key that opens nothing is told, so that a misprint does not look like an empty answer.
    """
    scheme, _space, bearer = request.headers.get("Authorization", "").partition(" ")
    key = request.POST.get("api_key") or request.GET.get("api_key") or ""
    if not key and scheme.lower() == "bearer":
        key = bearer.strip()
    if not key:
        return ANONYMOUS
    found = actor_for_token(key)
    if found is None:
        raise NotAllowed(_("api_key 无效、已过期或已停用"))
    return found


def reporter(request: HttpRequest) -> Actor:
    """Return whose key may report; raise `NotAllowed` without such a key."""
    found = asker(request)
    if found.kind != "person":
        raise NotAllowed(_("缺少 api_key"))
    if not found.has(REPORT):
        raise NotAllowed(_("这个 api_key 没有登记事项的权限"))
    return found


def wanted(request: HttpRequest) -> Wanted:
    """Return which requests are asked for; raise `InvalidInput`."""
    statuses = _several(request, "status")
    if set(statuses) - set(STATUSES):
        raise InvalidInput(_("没有这个选项"), field="status", mend="open, closed")
    first, last = _span(request)
    return Wanted(
        references=_several(request, "service_request_id"),
        codes=_several(request, "service_code"),
        statuses=statuses,
        first=first,
        last=last,
        most=_most(request),
    )


def _most(request: HttpRequest) -> int:
    """Return how many are wanted at most: many servers take a size, so clients send one."""
    text = request.GET.get("page_size", "")
    size = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    return size if 0 < size < MOST else MOST


def _several(request: HttpRequest, name: str) -> tuple[str, ...]:
    """Return the values of a parameter that may be given often, or parted by commas."""
    given = (part.strip() for text in request.GET.getlist(name) for part in text.split(","))
    found = tuple(dict.fromkeys(part for part in given if part))
    if len(found) > MOST or any(len(one) > LONGEST_WORD or "\x00" in one for one in found):
        raise InvalidInput(_("不能用"), field=name, mend=_("最多 %(most)d 个") % {"most": MOST})
    return found


def _span(request: HttpRequest) -> tuple[datetime, datetime]:
    """Return the first and last moment asked for; the newest ninety days where none is."""
    first, last = _moment(request, "start_date"), _moment(request, "end_date")
    if last is None:
        last = min(clock.now(), first + LONGEST_SPAN) if first else clock.now()
    if first is None:
        first = last - LONGEST_SPAN
    if last - first > LONGEST_SPAN:
        raise InvalidInput(_("时间跨度不能超过 90 天"), field="start_date")
    return first, last


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """Return a moment as the W3C writes it; one without a zone is local."""
    text = request.GET.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=clock.LOCAL)
        # A moment at the edge of what a calendar holds cannot be counted from.
        return found if found - 2 * LONGEST_SPAN < found + 2 * LONGEST_SPAN else None
    except (ValueError, OverflowError):
        mend = _("写成 2026-01-01T00:00:00Z")
        raise InvalidInput(_("不是时间"), field=name, mend=mend) from None


def report_of(request: HttpRequest, token: str) -> NewMatter:
    """Return the matter that a client's form tells; raise `InvalidInput`.

    Attributes, device and account of the client have no place here and are passed over.
    """
    given = request.POST
    code = given.get("service_code", "").strip()
    if not code:
        raise InvalidInput(_("缺少这个字段"), field="service_code")
    place = {name: given.get(name, "").strip() for name in ("lat", "long", *_PLACES)}
    if not any(place.values()):
        words = _("请给出 lat 和 long，或 address_string，或 address_id")
        raise InvalidInput(words, field="lat")
    return NewMatter(
        words=_words(given.get("description", "").strip(), given.get("media_url", "").strip()),
        category=code,
        channel=Channel.API,
        name=_full_name(given.get("first_name", ""), given.get("last_name", "")),
        phone=given.get("phone", ""),
        email=given.get("email", ""),
        place_text=place["address_string"],
        lon=_degrees(place["long"], "long"),
        lat=_degrees(place["lat"], "lat"),
        area=place["address_id"],
        photos=tuple(file.read() for files in request.FILES.lists() for file in files[1]),
        submit_key=token if len(token) >= SHORTEST_TOKEN else "",
    )


_PLACES = ("address_string", "address_id")


def _words(described: str, media: str) -> str:
    """Return description and address of a picture; one that is too long is cut and says so.

    The standard names no limit, and whoever stands behind a client could not mend a refusal.
    """
    room = LONGEST_WORDS - (len(media) + 1 if media else 0)
    if len(described) > room > 0:
        note = _("……（原文过长，后面的 %(n)d 个字没有收下）")
        told = note % {"n": len(described)}  # as long as the note can get
        kept = room - len(told)
        described = described[:kept] + note % {"n": len(described) - kept}
    return "\n".join(filter(None, (described, media)))


def _full_name(given: str, family: str) -> str:
    """Return a name as it is written: a Chinese one with the family's first and no space."""
    given, family = given.strip(), family.strip()
    if (given + family).isascii():
        return f"{given} {family}".strip()
    return family + given


def _degrees(text: str, field: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise InvalidInput(_("不是数字"), field=field) from None


def fields_of(request: HttpRequest) -> list[Any]:
    """Return what tells one form from another, its key left out."""
    return sorted((name, values) for name, values in request.POST.lists() if name != "api_key")
