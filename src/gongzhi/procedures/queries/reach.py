"""Who may see which cases, and which of them are his: the only place that says so."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.lookups import Exact

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import LENGTHS, prefix_range
from gongzhi.procedures.choices import SUBJECTS
from gongzhi.procedures.models import Case, CaseParty, InCommunity, WorkItem


def owner_keys(actor: Actor) -> list[str]:
    """Return the owners under which *actor* finds work: roles at areas, organisations, itself."""
    keys = [f"{post.role}@{post.area}" for post in actor.posts if post.area]
    keys += [f"org:{post.organisation}" for post in actor.posts if post.organisation]
    if actor.account is not None:
        keys.append(f"acc:{actor.account}")
    return sorted(set(keys))


def visible_cases(actor: Actor, subject: str = "") -> QuerySet[Case]:
    """Return the cases *actor* may see, of one subject when told.

    Those in the reach of the subject's see-power, those an organisation of the actor's is a party
    to, and those the actor holds an open item of.
    """
    of_subject = {"subject": subject} if subject else {}
    if actor.is_system:
        return Case.objects.filter(**of_subject)
    reach = Q(pk__in=())
    for prefix, key in _areas_seen(actor, subject):
        low, high = prefix_range(prefix)
        reach |= Q(area__gte=low, area__lt=high) & (Q() if subject else Q(subject=key))
    return Case.objects.filter(reach | _seen_elsewhere(actor, subject), **of_subject)


def visible_parts(actor: Actor, subject: str) -> list[QuerySet[Case]]:
    """Return the cases *actor* may see in parts, each of which is met newest first by an index.

    Whose reach are communities, or places in them, meets those of each community apart, and apart
    what he holds or has a part in elsewhere; whose reach is wider meets all in one. A case may be
    in several parts; together they are `visible_cases`.
    """
    prefixes = [prefix for prefix, _key in _areas_seen(actor, subject)]
    if actor.is_system or not prefixes or min(map(len, prefixes)) < LENGTHS["community"]:
        return [visible_cases(actor, subject)]
    parts = [Case.objects.filter(within(prefix), subject=subject) for prefix in prefixes]
    elsewhere = _seen_elsewhere(actor, subject)
    return [*parts, Case.objects.filter(elsewhere, subject=subject)] if elsewhere else parts


def within(area: str) -> Q:
    """Return the condition that a case lies within a community, or a place inside one."""
    community = Q(Exact(InCommunity("area"), area[: LENGTHS["community"]]))
    if len(area) == LENGTHS["community"]:
        return community
    low, high = prefix_range(area)
    return community & Q(area__gte=low, area__lt=high)


def _areas_seen(actor: Actor, subject: str) -> list[tuple[str, str]]:
    """Return the areas whose cases an actor sees by a post there, each with the subject."""
    wanted = [one for one in SUBJECTS.values() if subject in ("", one.key)]
    return [(prefix, one.key) for one in wanted for prefix in actor.areas_for(one.see)]


def _seen_elsewhere(actor: Actor, subject: str) -> Q:
    """Return on what other grounds an actor sees cases; an empty condition where there is none."""
    grounds = Q()
    for one in SUBJECTS.values():
        if subject in ("", one.key) and (parties := actor.organisations_for(one.see)):
            party = _is_of(CaseParty.objects.filter(organisation__in=parties))
            grounds |= party & Q(subject=one.key)
    if actor.account is not None and actor.scopes is None:
        open_items = WorkItem.objects.filter(done_at=None)
        grounds |= _is_of(open_items.filter(owner=f"acc:{actor.account}"))
        grounds |= _is_of(open_items.filter(claimed_by=actor.account))
    return grounds


def _is_of(rows: QuerySet[Any]) -> Q:
    """Return the condition that a case is one of *rows*' cases.

    As an array the cases are read once and looked up by their number, beside an area's range; as
    a sub-select every case would be asked whether it is on the list.
    """
    listed = ArraySubquery(rows.values("case_id"))
    template, joiner = "(%(expressions)s))", " = ANY("
    return Q(
        Func(F("pk"), listed, template=template, arg_joiner=joiner, output_field=BooleanField())
    )
