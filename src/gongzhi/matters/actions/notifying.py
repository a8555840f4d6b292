"""Tells staff and reporters what happened to cases, and keeps the addresses they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from gongzhi.facts.queries import FactRow
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.matters.choices import SUBJECT
from gongzhi.matters.notices import (
    OF_REPORTERS,
    OF_STAFF,
    for_staff,
    to_reporters,
    to_staff,
)
from gongzhi.matters.queries.public import link_of
from gongzhi.matters.queries.told import (
    accounts_of_owners,
    concerned,
    states_of,
)
from gongzhi.messages import actions as notices
from gongzhi.messages import queries as news
from gongzhi.messages.actions import NewAddress, NewNotice
from gongzhi.messages.choices import CASE


@action
def tell_of_cases(*, actor: Actor, facts: Sequence[FactRow]) -> None:
    """Tell everybody whom these facts of cases concern; however many, in some eight statements."""
    ours = [fact for fact in facts if fact.case is not None]
    outside = concerned({f.case or 0 for f in ours if f.kind in OF_REPORTERS})
    inside = [f for f in ours if f.kind in OF_STAFF and not news.is_past(f.at)]
    states = states_of({f.case or 0 for f in inside} | set(outside))
    to_some = [
        (fact, states[fact.case or 0], told)
        for fact in inside
        if fact.case in states
        for told in for_staff(fact, states[fact.case or 0])
    ]
    holders = accounts_of_owners(owner for _f, _s, told in to_some for owner in told.owners)
    told_now: list[NewNotice] = [
        to_staff(fact, state, told, set(told.accounts).union(*(holders[o] for o in told.owners)))
        for fact, state, told in to_some
    ]
    for fact in ours:
        state = states.get(fact.case or 0)
        if fact.kind in OF_REPORTERS and state is not None and state.subject == SUBJECT:
            told_now += to_reporters(fact, state, outside.get(state.id, []))
    if told_now:
        notices.tell(actor=actor, notices=told_now)


# --- addresses ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LeftMail:
    """An e-mail address that a reporter left for his matter, and the secret of his link."""

    email: str
    case: int
    reference: str
    area: str
    secret: str


@action
def keep_mail(*, actor: Actor, mail: LeftMail) -> None:
    """Keep the address, sealed, with the link that his e-mails carry. Raises `AddressInvalid`."""
    new = NewAddress(
        email=mail.email,
        subject_kind=CASE,
        subject_id=mail.case,
        reference=mail.reference,
        area=mail.area,
        link=reverse("matters:follow_one", args=[mail.reference, mail.secret]),
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )
    notices.keep_address(actor=actor, new=new)


@action
def leave_mail(*, actor: Actor, reference: str, secret: str, email: str) -> None:
    """Leave an address for a matter that one follows by a link. Raises `SecretWrong`."""
    if email:
        main = link_of(reference, secret).main
        case = main.case
        left = LeftMail(email, case.pk, case.reference, case.area, secret)
        keep_mail(actor=actor, mail=left)
