"""Reading accounts: scoped lists and pages, always masked; names for others' pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.kernel import crypto, paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import prefix_range
from gongzhi.kernel.held import Held
from gongzhi.people import personal
from gongzhi.people.choices import FIELDS, REVEAL_REASONS
from gongzhi.people.errors import AccountUnknown, NotStaff
from gongzhi.people.models import Account, PersonalDatum, Reveal
from gongzhi.people.retention import retention


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list of people."""

    id: int
    username: str
    display_name: str
    area: str
    area_name: str
    phone: str
    is_staff_member: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class MaskedDatum:
    """A piece of personal data as it may be shown without a reason."""

    field: str
    label: str
    masked: str
    keep_until: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """One person's page."""

    id: int
    username: str
    display_name: str
    area: str
    area_name: str
    is_staff_member: bool
    is_active: bool
    is_demo: bool
    has_second_factor: bool
    created_at: datetime
    closed_at: datetime | None
    personal: tuple[MaskedDatum, ...]


@dataclass(frozen=True, slots=True)
class RevealRow:
    """One look at unmasked data."""

    at: datetime
    by: str
    fields: tuple[str, ...]
    reason: str
    words: str


def visible_to(actor: Actor) -> QuerySet[Account]:
    """Return the accounts *actor* may know of: kept by areas of `people.see`, and one's own."""
    if actor.is_system:
        return Account.objects.all()
    reach = Q(pk=actor.account) if actor.kind == "person" else Q(pk__in=())
    for prefix in actor.areas_for("people.see"):
        low, high = prefix_range(prefix)
        reach |= Q(area__gte=low, area__lt=high)
    return Account.objects.filter(reach)


def list_people(
    actor: Actor, *, words: str = "", staff: bool | None = None, cursor: str = "", size: int = 50
) -> paging.Page[PersonRow]:
    """Return people by name, found by phone, whole name, or part of a duty or user name."""
    found = visible_to(actor).order_by("display_name", "pk")
    if words.strip():
        found = found.filter(_matching(words.strip()))
    if staff is not None:
        found = found.filter(is_staff_member=staff)
    if cursor:
        name, pk = paging.decode_as(cursor, str, int)
        found = found.filter(Q(display_name__gt=name) | Q(display_name=name, pk__gt=pk))
    accounts = list(found[: size + 1])
    last = accounts[size - 1] if len(accounts) > size else None
    more = paging.encode(last.display_name, last.pk) if last else None
    return paging.Page(_rows(accounts[:size]), more)


def _matching(words: str) -> Q:
    """Return the condition for a search: blind indexes need the whole phone or name."""
    phone = personal.clean_phone(words)
    if phone:
        index = crypto.blind_index(phone, personal.purpose("phone"))
        return Q(personal_data__field="phone", personal_data__index=index)
    index = crypto.blind_index(words, personal.purpose("name"))
    named = PersonalDatum.objects.filter(field="name", index=index).values("account_id")
    shown = Q(display_name__contains=words, is_staff_member=True)
    return shown | Q(username__startswith=words.lower()) | Q(pk__in=named)


def _rows(accounts: list[Account]) -> tuple[PersonRow, ...]:
    ids = [account.pk for account in accounts]
    phones = {
        datum.account_id: _masked(datum)
        for datum in PersonalDatum.objects.filter(account__in=ids, field="phone")
    }
    names = areas.names(sorted({account.area for account in accounts}))
    return tuple(
        PersonRow(
            account.pk,
            account.username,
            account.display_name,
            account.area,
            names.get(account.area, account.area),
            phones.get(account.pk, ""),
            account.is_staff_member,
            account.is_active,
        )
        for account in accounts
    )


def _masked(datum: PersonalDatum) -> str:
    text = crypto.open_sealed(datum.sealed, personal.purpose(datum.field))
    return personal.MASKS[datum.field](text)


def get_person(actor: Actor, account: int) -> PersonDetail:
    """Return one person, masked; raise `AccountUnknown` when the actor may not know of it."""
    found = visible_to(actor).filter(pk=account).first()
    if found is None:
        raise AccountUnknown()
    return PersonDetail(
        found.pk,
        found.username,
        found.display_name,
        found.area,
        areas.names([found.area]).get(found.area, found.area),
        found.is_staff_member,
        found.is_active,
        found.is_demo,
        has_second_factor(found.pk),
        found.created_at,
        found.closed_at,
        masked_data(found.pk),
    )


def has_second_factor(account: int) -> bool:
    """Whether the account's second factor is set up."""
    return bool(Authenticator.objects.filter(user_id=account, type="totp").exists())


def masked_data(account: int) -> tuple[MaskedDatum, ...]:
    """Return an account's personal data, masked, in the order of the list of fields."""
    labels = dict(FIELDS)
    rules = retention().fields
    data = {datum.field: datum for datum in PersonalDatum.objects.filter(account=account)}
    return tuple(
        MaskedDatum(
            field,
            str(labels[field]),
            _masked(data[field]),
            data[field].keep_until,
            rules[field].basis if field in rules else "",
        )
        for field in labels
        if field in data
    )


def get_account(account: int) -> Account | None:
    """Return the account for policies and own pages; None when there is none."""
    return Account.objects.filter(pk=account).first()


def require_staff(account: int, *, field: str) -> Account:
    """Return an open account of staff, who sign in with a second factor.

    Raises `AccountUnknown`, and `NotStaff` for a resident's account; both name *field*.
    """
    found = Account.objects.filter(pk=account, is_active=True).first()
    if found is None:
        raise AccountUnknown(field=field, mend=_("请选在用的账号"))
    if not found.is_staff_member:
        raise NotStaff(field=field, mend=_("请先在此人的账号上勾选“工作人员”"))
    return found


def reveals_of(account: int, *, size: int = 20) -> list[RevealRow]:
    """Return who looked at somebody's data, newest first; for those who may see the person."""
    reasons = dict(REVEAL_REASONS)
    labels = dict(FIELDS)
    found = Reveal.objects.filter(account=account).select_related("by").order_by("-at")[:size]
    return [
        RevealRow(
            reveal.at,
            reveal.by.display_name,
            tuple(str(labels[field]) for field in reveal.fields),
            str(reasons[reveal.reason]),
            reveal.words,
        )
        for reveal in found
    ]


def _read_names(accounts: list[int]) -> dict[int, str]:
    return dict(Account.objects.filter(pk__in=accounts).values_list("pk", "display_name"))


_names = Held(_read_names, changed_by=("people.account_",), seconds=30)


def display_names(accounts: Iterable[int]) -> dict[int, str]:
    """Return the names on duty of many accounts, in one statement for those not in memory."""
    return _names.many(set(accounts))


def find_by_login(login: str) -> Account | None:
    """Return the account with this user name or phone, for sign-in."""
    phone = personal.clean_phone(login)
    if phone:
        index = crypto.blind_index(phone, personal.purpose("phone"))
        by_phone = Account.objects.filter(
            personal_data__field="phone", personal_data__index=index
        ).first()
        if by_phone is not None:
            return by_phone
    return Account.objects.filter(username=login.strip().lower()).first()


def account_by_username(username: str) -> int | None:
    """Return the id of the account with this user name, for loading data that names it."""
    return Account.objects.filter(username=username.lower()).values_list("pk", flat=True).first()


def demo_personas() -> list[tuple[str, str]]:
    """Return (user name, name) of the demonstration's personas, in the order they were opened."""
    found = Account.objects.filter(is_demo=True, is_active=True, is_staff_member=True)
    return list(found.order_by("pk").values_list("username", "display_name")[:24])


def buttons_for(actor: Actor, account: int) -> dict[str, bool]:
    """Return which of a person's doors *actor* may use; the actions ask the same policies."""
    found = get_account(account)
    if found is None:
        return {}
    return {
        "manage": actor.may("people.manage", area=found.area),
        "close": actor.may("people.manage", area=found.area) and actor.account != account,
        "reveal": actor.may("people.reveal", area=found.area),
        "reset": actor.may("security.manage", area=found.area) and actor.account != account,
    }


def pick_account(actor: Actor, words: str) -> list[tuple[int, str]]:
    """Return the open accounts meant by a user name, a phone, or a name the actor may see."""
    exact = find_by_login(words)
    if exact is not None and exact.is_active:
        return [(exact.pk, exact.display_name)]
    named = visible_to(actor).filter(display_name=words.strip(), is_active=True)
    return list(named.order_by("pk").values_list("pk", "display_name")[:6])
