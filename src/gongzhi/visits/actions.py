"""Every write to visits: entered once; a need is answered, or becomes a matter once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.areas.errors import AreaUnknown
from gongzhi.kernel import clock, codes
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import FieldProblem
from gongzhi.kernel.policy import require
from gongzhi.visits import facts, policies, queries
from gongzhi.visits.choices import (
    LONGEST_HEARD,
    LONGEST_NEED,
    LONGEST_PLACE,
    LONGEST_PROMISE,
    LONGEST_RESULT,
    MOST_NEEDS,
)
from gongzhi.visits.errors import NeedTaken, VisitInvalid
from gongzhi.visits.models import Need, Visit
from gongzhi.visits.purposes import purposes
from gongzhi.visits.retention import visit_days


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNeed:
    """A need as it was heard: its words, what was promised and by when."""

    words: str
    promise: str = ""
    promised_for: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: such a row of a form is left out."""
        return not (self.words.strip() or self.promise.strip() or self.promised_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisit:
    """A visit as it is entered; the same `submit_key` twice is one visit."""

    area: str
    visited_on: date
    purpose: str
    place_text: str = ""
    heard: str = ""
    needs: tuple[NewNeed, ...] = ()
    submit_key: str = ""


@action
def record_visit(*, actor: Actor, new: NewVisit) -> int:
    """Write down a visit with its needs; return its number.

    Raises `VisitInvalid` with every field's problem, `NotAllowed`.
    """
    problems = list(_problems(new))
    if problems:
        raise VisitInvalid.many(problems)
    require(policies.can_record(actor, new.area))
    key = hashlib.sha256(new.submit_key.encode()).digest() if new.submit_key else None
    visit = Visit(
        area=new.area,
        place_text=new.place_text.strip(),
        visited_on=new.visited_on,
        purpose=new.purpose,
        heard=new.heard.strip(),
        submit_hash=key,
        recorded_at=clock.now(),
        recorded_by=actor.account,
        keep_until=clock.today() + timedelta(days=visit_days()),
    )
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        # The same form was sent before, or is being sent at this moment: one visit.
        return Visit.objects.values_list("pk", flat=True).get(submit_hash=key)
    needs = [one for one in new.needs if not one.is_empty]
    Need.objects.bulk_create(
        Need(
            visit=visit,
            number=number,
            words=one.words.strip(),
            promise=one.promise.strip(),
            promised_for=one.promised_for,
        )
        for number, one in enumerate(needs, 1)
    )
    fact = facts.VisitRecorded(visit=visit.pk, purpose=new.purpose, needs=len(needs))
    emit(fact, area=new.area)
    return visit.pk


def _problems(new: NewVisit) -> Iterator[FieldProblem]:
    if not _is_place(new.area):
        yield FieldProblem("area", _("没有选到社区"), _("请选到社区、网格或楼栋"))
    if new.visited_on > clock.today():
        yield FieldProblem("visited_on", _("日期还没有到"), _("请填已经去过的日期"))
    if new.purpose not in purposes():
        yield FieldProblem("purpose", _("没有选为什么去"), _("请从列表中选择"))
    if len(new.needs) > MOST_NEEDS:
        mend = _("最多 %(n)d 条，其余另记一次") % {"n": MOST_NEEDS}
        yield FieldProblem("needs", _("需求太多"), mend)
    yield from _too_long("place_text", new.place_text, LONGEST_PLACE)
    yield from _too_long("heard", new.heard, LONGEST_HEARD)
    for number, one in enumerate(new.needs, 1):
        if not one.words.strip() and not one.is_empty:
            yield FieldProblem(f"words_{number}", _("没有写是什么需求"), _("请用一句话写明"))
        yield from _too_long(f"words_{number}", one.words, LONGEST_NEED)
        yield from _too_long(f"promise_{number}", one.promise, LONGEST_PROMISE)
        if one.promised_for is not None and one.promised_for < new.visited_on:
            mend = _("请填走访当天或以后的日期")
            yield FieldProblem(f"promised_for_{number}", _("期限早于走访日期"), mend)


def _too_long(field: str, text: str, most: int) -> Iterator[FieldProblem]:
    if len(text.strip()) > most or "\x00" in text:
        words = _("最多 %(most)d 字，现有 %(now)d 字") % {"most": most, "now": len(text.strip())}
        yield FieldProblem(field, words, _("请删减后再提交"))


def _is_place(area: str) -> bool:
    if not codes.is_code(area) or len(area) < codes.LENGTHS["community"]:
        return False
    try:
        return bool(areas.get_area(area))
    except AreaUnknown:
        return False


@action
def answer_need(*, actor: Actor, need: int, result: str) -> None:
    """Write down what came of a need that is no matter.

    Raises `VisitUnknown`, `NotAllowed`, `NeedTaken`, `VisitErased`.
    """
    found = queries.need_for(actor, need)
    area = found.visit.area
    require(policies.can_record(actor, area))
    queries.not_erased(found.visit)
    result = result.strip()
    if not result:
        raise VisitInvalid(_("没有写结果"), field="result", mend=_("请用一句话写明办得怎样"))
    problems = list(_too_long("result", result, LONGEST_RESULT))
    if problems:
        raise VisitInvalid.many(problems)
    kept = Need.objects.filter(pk=need, taken_at=None).update(result=result, result_at=clock.now())
    if not kept:
        raise NeedTaken()
    emit(facts.NeedAnswered(visit=found.visit_id, need=need), area=area)


@action
def take_need(*, actor: Actor, source: int) -> None:
    """Let a need become a matter, in the transaction that reports it.

    The conditional update decides a race: of any number of callers exactly one goes on. Raises
    `VisitUnknown`, `NotAllowed`, `NeedTaken`, `VisitErased`.
    """
    found = queries.need_for(actor, source)
    require(policies.can_record(actor, found.visit.area))
    queries.not_erased(found.visit)
    taken = Need.objects.filter(pk=source, taken_at=None).update(taken_at=clock.now())
    if not taken:
        raise NeedTaken()


@action
def note_case(*, actor: Actor, need: int, case: int) -> None:
    """Note the case that a need has become; told again, nothing changes."""
    noted = Need.objects.filter(pk=need, taken_at__isnull=False, case=None).update(case_id=case)
    if noted:
        found = Need.objects.select_related("visit").get(pk=need)
        fact = facts.NeedBecameMatter(visit=found.visit_id, need=need)
        emit(fact, area=found.visit.area, case=case)


@action
def erase_expired(*, actor: Actor, limit: int = 1000) -> int:
    """Erase the words of visits whose time is over; return of how many.

    A visit waits for its needs: nothing goes of which nothing has come yet. Where, when, what for
    and how many needs stays, so that no figure changes.
    """
    waiting = Need.objects.filter(visit=OuterRef("pk"), result_at=None, taken_at=None)
    over = Visit.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        ~Exists(waiting), keep_until__lte=clock.today()
    )
    found = list(over.order_by("keep_until", "pk")[:limit])
    ids = [one.pk for one in found]
    Need.objects.filter(visit__in=ids).update(words="", promise="", result="")
    Visit.objects.filter(pk__in=ids).update(heard="", place_text="", keep_until=None)
    for one in found:
        emit(facts.VisitErased(visit=one.pk), area=one.area)
    return len(found)
