"""Keeps e-mail addresses: one's own with the account, a resident's for one subject and a term."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from gongzhi.kernel import clock, crypto
from gongzhi.kernel.action import Fact, action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.policy import allow_if, require
from gongzhi.messages import queries, rules
from gongzhi.messages.actions.telling import NewNotice, tell
from gongzhi.messages.addresses import ADDRESS_PURPOSE, ASKED_PURPOSE, LINK_PURPOSE, clean_address
from gongzhi.messages.choices import CASE, CONFIRM, CONFIRMED, State
from gongzhi.messages.facts import AddressConfirmed, AddressErased, AddressKept, MailsStopped
from gongzhi.messages.models import Address, Delivery, Notice
from gongzhi.people.queries import home_area


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """A resident's address for one subject; `link` is the path of his secret link."""

    email: str
    subject_kind: str
    subject_id: int
    reference: str
    area: str
    link: str = ""
    language: str = "zh-hans"


@action
def keep_address(*, actor: Actor, new: NewAddress) -> None:
    """Keep a resident's address, sealed, and ask there whether it is his; an empty one is none.

    An address that has left as many askings unanswered as the rules let go is asked no more, and
    not kept: no stranger's letter-box is filled by reports. Raises `AddressInvalid`.
    """
    email = clean_address(new.email)
    now = clock.now()
    index = crypto.blind_index(email.casefold(), ASKED_PURPOSE)
    asked = Address.objects.filter(asked_index=index, confirm_by__gt=now)
    if email and asked.count() < rules.rules().confirm_most:
        kept = Address(
            subject_kind=new.subject_kind,
            subject_id=new.subject_id,
            area=new.area,
            sealed=crypto.seal(email, ADDRESS_PURPOSE),
            link_sealed=crypto.seal(new.link, LINK_PURPOSE) if new.link else None,
            language=new.language[:10],
            asked_index=index,
            stored_at=now,
            confirm_by=now + timedelta(days=rules.rules().confirm_days),
        )
        Address.objects.bulk_create([kept])
        _ask_to_confirm(kept, new.reference)


def _ask_to_confirm(address: Address, reference: str) -> None:
    """Let the one e-mail go that an address gets before it is confirmed."""
    now = clock.now()
    words = rules.rules().template(CONFIRM)
    notice = Notice(
        address=address,
        template=CONFIRM,
        kind=words.kind,
        subject_kind=address.subject_kind,
        subject_id=address.subject_id or 0,
        reference=reference,
        key=f"confirm:m{address.pk}",
        created_at=now,
    )
    Notice.objects.bulk_create([notice])
    due = now if words.urgent else rules.rules().awake(now)
    Delivery.objects.bulk_create([Delivery(notice=notice, urgent=words.urgent, next_try=due)])


@action
def confirm_address(*, actor: Actor, address: int, secret: str) -> None:
    """Confirm a resident's address, once, and send there the code and the link of his matter.

    Whoever holds the link of the first mail may do so. Raises `ConfirmLinkWrong`.
    """
    found = queries.address_to_confirm(address, secret)
    # The conditional UPDATE decides a race: of any number of callers exactly one confirms.
    waiting = Address.objects.filter(pk=found.pk, confirmed_at=None)
    if not waiting.update(confirmed_at=clock.now(), asked_index=None):
        return
    asked = Notice.objects.filter(address=found, template=CONFIRM)
    asking = Delivery.objects.filter(notice__in=asked, state__in=(State.WAITING, State.FAILED))
    asking.update(state=State.DROPPED)
    reference = asked.values_list("reference", flat=True).first() or ""
    done = NewNotice(
        template=CONFIRMED,
        step="confirmed",
        subject_kind=found.subject_kind,
        subject_id=found.subject_id or 0,
        reference=reference,
        addresses=True,
        only=found.pk,
    )
    tell(actor=actor, notices=[done])
    _emit(AddressConfirmed(address=found.pk), found)


@action
def set_own_address(
    *, actor: Actor, email: str = "", kinds: Collection[str] = (), remove: bool = False
) -> None:
    """Keep the actor's own address and the kinds of notice that go there as well.

    An empty address leaves the one that is kept. Raises `AddressInvalid`, and `InvalidInput` for
    an unknown kind.
    """
    account = actor.account or 0
    require(allow_if(actor.kind == "person" and account > 0, _("请先登录")))
    known = rules.rules().kinds
    if not set(kinds) <= set(known):
        raise InvalidInput(_("没有这类通知"), field="kinds", mend=_("请从列表中选择"))
    mine = Address.objects.filter(account=account)
    chosen = [kind for kind in known if kind in kinds]
    given = clean_address(email)
    if remove:
        mine.delete()
    elif given:
        kept = {"sealed": crypto.seal(given, ADDRESS_PURPOSE), "kinds": chosen}
        fresh = {**kept, "stored_at": clock.now(), "area": home_area()}
        Address.objects.update_or_create(account_id=account, defaults=kept, create_defaults=fresh)
    elif not mine.update(kinds=chosen):
        return
    fact = AddressKept(account=account, removed=remove, kinds=tuple(chosen))
    emit(fact, area=home_area())


@action
def stop_mails(*, actor: Actor, address: int, secret: str, stop: bool) -> None:
    """Stop the e-mails to a resident's address, or let them come again.

    Whoever holds the link of a mail may do so. Raises `StopLinkWrong`.
    """
    found = queries.resident_address(address, secret)
    wanted = Address.objects.filter(pk=found.pk, stopped_at__isnull=stop)
    if wanted.update(stopped_at=clock.now() if stop else None):
        _emit(MailsStopped(address=found.pk, stopped=stop), found)


@action
def set_address_term(
    *, actor: Actor, subject_kind: str, subjects: Collection[int], until: date | None
) -> None:
    """Let the time run after which these subjects' addresses are erased; None stops it."""
    found = Address.objects.filter(subject_kind=subject_kind, subject_id__in=subjects)
    found.update(keep_until=until)


@action
def erase_addresses(*, actor: Actor, subject_kind: str, subjects: Collection[int]) -> int:
    """Erase the addresses and links of these subjects, with the notices that went to them."""
    found = Address.objects.filter(subject_kind=subject_kind, subject_id__in=subjects)
    return _erase(list(found.select_for_update().order_by("pk")))


@action
def erase_expired_addresses(*, actor: Actor, limit: int = 1000) -> int:
    """Erase the addresses whose time is over or that nobody confirmed; return how many."""
    due = Address.objects.select_for_update(skip_locked=True)
    unconfirmed = Q(account=None, confirmed_at=None, confirm_by__lte=clock.now())
    over = Q(keep_until__lte=clock.today()) | unconfirmed
    return _erase(list(due.filter(over).order_by("pk")[:limit]))


def _erase(due: list[Address]) -> int:
    Address.objects.filter(pk__in=[one.pk for one in due]).delete()
    for one in due:
        _emit(AddressErased(address=one.pk), one)
    return len(due)


def _emit(fact: Fact, address: Address) -> None:
    """Record what happened to a resident's address, in the timeline of its case if it has one."""
    case = address.subject_id if address.subject_kind == CASE else None
    emit(fact, area=address.area, case=case)
