"""Storing, revealing and erasing personal data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import clock, crypto
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.policy import require
from gongzhi.people import personal, policies
from gongzhi.people.choices import FIELDS, IDENTIFYING, INDEXED, REVEAL_REASONS
from gongzhi.people.errors import AccountUnknown, AlreadyKnown
from gongzhi.people.facts import PersonalDataErased, PersonalDataStored, Revealed
from gongzhi.people.models import Account, PersonalDatum, Reveal
from gongzhi.people.retention import keep_until

_WORDS = 500


def write_personal_data(account: Account, values: Mapping[str, str]) -> None:
    """Seal and store *values*; an empty text removes the field. Raises `AlreadyKnown`."""
    unknown = set(values) - {key for key, _label in FIELDS}
    if unknown:
        raise InvalidInput(_("没有这一项"), field=min(unknown), mend=_("请检查填写的项目"))
    cleaned = personal.clean(values)
    stored = tuple(sorted(key for key, text in cleaned.items() if text))
    removed = tuple(sorted(key for key, text in cleaned.items() if not text))
    for field in stored:
        _write_one(account, field, cleaned[field])
    if removed:
        removed = removed if _remove(account, removed) else ()
    if stored or removed:
        fact = PersonalDataStored(account=account.pk, stored=stored, removed=removed)
        emit(fact, area=account.area)


def _remove(account: Account, fields: Sequence[str]) -> int:
    return PersonalDatum.objects.filter(account=account, field__in=fields).delete()[0]


def _write_one(account: Account, field: str, text: str) -> None:
    now = clock.now()
    purpose = personal.purpose(field)
    index = crypto.blind_index(text, purpose) if field in INDEXED else None
    taken = PersonalDatum.objects.filter(field=field, index=index).exclude(account=account)
    refused = AlreadyKnown(field=field, mend=_("请核对号码，或查找已有账号"))
    if field in IDENTIFYING and taken.exists():
        raise refused
    try:
        with transaction.atomic():
            PersonalDatum.objects.update_or_create(
                account=account,
                field=field,
                defaults={
                    "sealed": crypto.seal(text, purpose),
                    "index": index,
                    "stored_at": now,
                    "keep_until": keep_until(field, stored=now, closed=account.closed_at),
                },
            )
    except IntegrityError as error:
        # Two people enter the same number at once: the unique index decides.
        raise refused from error


def refresh_expiry(account: Account) -> None:
    """Count the days anew from which this account's data must be gone."""
    data = list(PersonalDatum.objects.filter(account=account))
    for datum in data:
        datum.keep_until = keep_until(datum.field, stored=datum.stored_at, closed=account.closed_at)
    PersonalDatum.objects.bulk_update(data, ["keep_until"])


@action
def store_personal_data(*, actor: Actor, account: int, values: dict[str, str]) -> None:
    """Enter, correct or (with an empty text) remove personal data.

    Raises `NotAllowed`, `PersonalDataInvalid`, `AlreadyKnown`.
    """
    found = Account.objects.select_for_update(of=("self",)).filter(pk=account).first()
    if found is None:
        raise AccountUnknown()
    require(policies.can_store_personal_data(actor, found))
    write_personal_data(found, values)


@action
def reveal_personal_data(
    *, actor: Actor, account: int, fields: Sequence[str], reason: str, words: str = ""
) -> dict[str, str]:
    """Return personal data unmasked and record who looked at what, why and when.

    Raises `NotAllowed`, and `InvalidInput` without a reason of the list or, for 其他, words.
    """
    found = Account.objects.filter(pk=account).first()
    if found is None:
        raise AccountUnknown()
    require(policies.can_reveal(actor, found))
    wanted = _wanted(fields)
    words = _reason_words(reason, words)
    reveal = Reveal.objects.create(
        account=found,
        by_id=actor.account or 0,
        fields=wanted,
        reason=reason,
        words=words,
        at=clock.now(),
    )
    fact = Revealed(account=found.pk, reveal=reveal.pk, fields=tuple(wanted), reason=reason)
    emit(fact, area=found.area)
    data = PersonalDatum.objects.filter(account=found, field__in=wanted)
    return {
        datum.field: crypto.open_sealed(datum.sealed, personal.purpose(datum.field))
        for datum in data
    }


def _wanted(fields: Sequence[str]) -> list[str]:
    known = [key for key, _label in FIELDS if key in set(fields)]
    if not known or len(known) < len(set(fields)):
        raise InvalidInput(
            _("没有选择要查看的项目"), field="fields", mend=_("请至少选一项，只选需要的")
        )
    return known


def _reason_words(reason: str, words: str) -> str:
    if reason not in dict(REVEAL_REASONS):
        raise InvalidInput(_("没有选择查看理由"), field="reason", mend=_("请从列表中选择"))
    words = words.strip()
    if reason == "other" and not words:
        raise InvalidInput(
            _("选择“其他”时须写明理由"), field="words", mend=_("请用一句话说明为何需要查看")
        )
    if len(words) > _WORDS:
        raise InvalidInput(_("说明太长"), field="words", mend=_("请写在 500 字以内"))
    return words


@action
def erase_expired_data(*, actor: Actor, limit: int = 1000) -> int:
    """Erase personal data whose time is over; return how many pieces were erased."""
    due = (
        PersonalDatum.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(keep_until__lte=clock.today())
        .select_related("account")
        .order_by("pk")[:limit]
    )
    erased: dict[tuple[int, str], list[str]] = defaultdict(list)
    ids = []
    for datum in due:
        erased[datum.account_id, datum.account.area].append(datum.field)
        ids.append(datum.pk)
    PersonalDatum.objects.filter(pk__in=ids).delete()
    for (account, area), fields in erased.items():
        emit(PersonalDataErased(account=account, fields=tuple(sorted(fields))), area=area)
    return len(ids)


@action
def seal_anew(*, actor: Actor, after: int = 0, limit: int = 500) -> int | None:
    """Seal data of older keys with the newest, from id *after* on; return where to go on.

    Returns None at the end. Nothing about the person changes, so nothing is emitted.
    """
    data = list(
        PersonalDatum.objects.select_for_update(of=("self",))
        .filter(pk__gt=after)
        .order_by("pk")[:limit]
    )
    old = [datum for datum in data if not crypto.key_ring().is_newest(datum.sealed)]
    for datum in old:
        purpose = personal.purpose(datum.field)
        datum.sealed = crypto.seal(crypto.open_sealed(datum.sealed, purpose), purpose)
    PersonalDatum.objects.bulk_update(old, ["sealed"])
    return data[-1].pk if len(data) == limit else None
