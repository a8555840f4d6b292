"""Personal data: sealed at rest, found blind, masked, revealed with a reason, gone in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock, crypto
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput, NotAllowed
from gongzhi.people import actions, personal, queries
from gongzhi.people.errors import AccountUnknown, AlreadyKnown, PersonalDataInvalid
from gongzhi.people.models import PersonalDatum, Reveal
from gongzhi.people.retention import retention
from gongzhi.people.tests.support import GRID, OTHER_STREET, acting, opened

pytestmark = pytest.mark.django_db
NAME, PHONE, ID_NUMBER = "李小明", "13812340417", "11010519491231002X"
ADDRESS = "虹桥路46号3幢501室"
EVERYTHING = {"name": NAME, "phone": PHONE, "id_number": ID_NUMBER, "address": ADDRESS}


def _raw_database() -> str:
    """Return every row of every table of ours that could hold a person, as text and as hex."""
    found = []
    with connection.cursor() as cursor:
        for table in ("people_account", "people_personaldatum", "people_reveal", "fact"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_byte_of_personal_data_lies_open_in_the_database() -> None:
    account = opened("worker", personal=EVERYTHING)
    boss = acting(opened("boss"), "people.reveal")
    actions.reveal_personal_data(
        actor=boss, account=account, fields=list(EVERYTHING), reason="contact"
    )
    raw = _raw_database()
    for text in EVERYTHING.values():
        assert text not in raw
        assert text.encode().hex() not in raw
    assert "李**" in raw


def test_a_person_is_found_by_phone_however_it_is_written() -> None:
    account = opened("worker", personal={"phone": "+86 138-1234-0417"})
    for written in ("13812340417", "138 1234 0417", "１３８１２３４０４１７"):
        found = queries.find_by_login(written)
        assert found is not None
        assert found.pk == account
    assert queries.find_by_login("13812340418") is None


def test_a_resident_is_found_by_the_whole_name_and_no_less() -> None:
    opened("resident", personal={"name": NAME})
    boss = acting(opened("boss"), "people.see")
    assert [row.username for row in queries.list_people(boss, words=NAME).items] == ["resident"]
    assert queries.list_people(boss, words="李小").items == ()


def test_pages_get_masked_values() -> None:
    account = opened("worker", personal=EVERYTHING)
    boss = acting(opened("boss"), "people.see")
    shown = {datum.field: datum.masked for datum in queries.get_person(boss, account).personal}
    assert shown == {
        "name": "李**",
        "phone": "138****0417",
        "id_number": "*" * 16 + "2X",
        "address": "虹桥路****",
    }
    assert queries.list_people(boss, words=PHONE).items[0].phone == "138****0417"


def test_revealing_records_who_what_why_and_keeps_words_out_of_the_log() -> None:
    account = opened("worker", personal=EVERYTHING)
    boss = acting(opened("boss"), "people.reveal")
    shown = actions.reveal_personal_data(
        actor=boss, account=account, fields=["phone"], reason="other", words="电话回访张大妈"
    )
    assert shown == {"phone": PHONE}
    reveal = Reveal.objects.get(account=account)
    assert (reveal.by_id, reveal.fields, reveal.words) == (
        boss.account,
        ["phone"],
        "电话回访张大妈",
    )
    fact = FactRecord.objects.get(kind="people.revealed")
    assert fact.data == {
        "account": account,
        "reveal": reveal.pk,
        "fields": ["phone"],
        "reason": "other",
    }
    assert fact.area == GRID


@pytest.mark.parametrize(
    ("fields", "reason", "words"),
    [([], "contact", ""), (["phone"], "", ""), (["phone"], "other", " "), (["salary"], "duty", "")],
)
def test_without_fields_or_a_reason_nothing_is_revealed(
    fields: list[str], reason: str, words: str
) -> None:
    account = opened("worker", personal=EVERYTHING)
    boss = acting(opened("boss"), "people.reveal")
    with pytest.raises(InvalidInput):
        actions.reveal_personal_data(
            actor=boss, account=account, fields=fields, reason=reason, words=words
        )
    assert not Reveal.objects.exists()


def test_only_who_may_reveals_and_only_in_his_area() -> None:
    account = opened("worker", personal=EVERYTHING)
    for actor in (
        acting(opened("one"), "people.see", "people.manage"),
        acting(opened("two"), "people.reveal", area=OTHER_STREET),
        SYSTEM,
        Actor("anonymous", None, ""),
    ):
        with pytest.raises(NotAllowed):
            actions.reveal_personal_data(
                actor=actor, account=account, fields=["phone"], reason="duty"
            )


def test_a_reveal_can_be_neither_changed_nor_deleted() -> None:
    account = opened("worker", personal=EVERYTHING)
    boss = acting(opened("boss"), "people.reveal")
    actions.reveal_personal_data(actor=boss, account=account, fields=["phone"], reason="duty")

    @action
    def _meddle(*, actor: Actor, sql: str) -> None:
        with (
            pytest.raises(IntegrityError, match="kept as it was"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)

    for sql in ("UPDATE people_reveal SET reason = 'duty'", "DELETE FROM people_reveal"):
        _meddle(actor=SYSTEM, sql=sql)


def test_data_stored_for_one_purpose_is_erased_when_its_days_are_over() -> None:
    account = opened("worker", personal=EVERYTHING)
    rule = retention().fields["id_number"]
    day_before = clock.now() + timedelta(days=rule.days - 1)
    with clock.travel_to(day_before):
        assert actions.erase_expired_data(actor=SYSTEM) == 0
    with clock.travel_to(day_before + timedelta(days=1)):
        assert actions.erase_expired_data(actor=SYSTEM) == 1
    left = set(PersonalDatum.objects.filter(account=account).values_list("field", flat=True))
    assert left == {"name", "phone", "address"}
    erased = FactRecord.objects.get(kind="people.personal_data_erased")
    assert erased.data == {"account": account, "fields": ["id_number"]}


def test_a_closed_account_loses_its_data_after_the_rule_and_not_while_it_is_open() -> None:
    account = opened("worker", personal={"name": NAME, "phone": PHONE})
    boss = acting(opened("boss"), "people.manage")
    later = clock.now() + timedelta(days=5000)
    with clock.travel_to(later):
        assert actions.erase_expired_data(actor=SYSTEM) == 0
    actions.close_account(actor=boss, account=account)
    actions.reopen_account(actor=boss, account=account)
    with clock.travel_to(later):
        assert actions.erase_expired_data(actor=SYSTEM) == 0
    actions.close_account(actor=boss, account=account)
    gone = clock.now() + timedelta(days=retention().fields["phone"].days)
    with clock.travel_to(gone):
        assert actions.erase_expired_data(actor=SYSTEM) == 2
    assert not PersonalDatum.objects.filter(account=account).exists()


def test_one_corrects_and_removes_ones_own_data() -> None:
    account = opened("resident", personal=EVERYTHING)
    me = Actor("person", account, "我")
    actions.store_personal_data(
        actor=me, account=account, values={"phone": "13912340000", "address": ""}
    )
    assert queries.find_by_login("13912340000") is not None
    assert not PersonalDatum.objects.filter(account=account, field="address").exists()
    with pytest.raises(NotAllowed):
        actions.store_personal_data(
            actor=me, account=opened("another"), values={"phone": "13912340001"}
        )


def test_a_number_belongs_to_one_account() -> None:
    opened("first", personal={"phone": PHONE})
    with pytest.raises(AlreadyKnown) as refused:
        opened("second", personal={"phone": PHONE})
    assert refused.value.field == "phone"
    assert queries.account_by_username("second") is None


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(PersonalDataInvalid) as refused:
        opened("worker", personal={"phone": "12345", "id_number": "110105194912310021"})
    assert [problem.field for problem in refused.value.problems] == ["phone", "id_number"]
    assert all(problem.mend for problem in refused.value.problems)


def test_people_out_of_reach_are_unknown() -> None:
    account = opened("worker", personal=EVERYTHING)
    for actor in (
        acting(opened("one"), "people.see", area=OTHER_STREET),
        acting(opened("two"), "matters.see"),
    ):
        assert account not in [row.id for row in queries.list_people(actor).items]
        with pytest.raises(AccountUnknown):
            queries.get_person(actor, account)


def test_data_of_an_old_key_is_sealed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    account = opened("worker", personal=EVERYTHING)
    old = crypto.key_ring()
    ring = crypto.KeyRing({"a": b"a" * 32}, "a", b"i" * 32)
    both = crypto.KeyRing({"a": b"a" * 32, "b": b"b" * 32}, "b", b"i" * 32)
    monkeypatch.setattr(crypto, "key_ring", lambda: ring)
    actions.store_personal_data(actor=SYSTEM, account=account, values=EVERYTHING)
    monkeypatch.setattr(crypto, "key_ring", lambda: both)
    assert actions.seal_anew(actor=SYSTEM) is None
    sealed = [bytes(datum.sealed) for datum in PersonalDatum.objects.all()]
    assert len(sealed) == 4
    assert all(both.is_newest(one) for one in sealed)
    boss = acting(opened("boss"), "people.reveal")
    shown = actions.reveal_personal_data(
        actor=boss, account=account, fields=["phone"], reason="duty"
    )
    assert shown == {"phone": PHONE}
    assert old is not both


@given(st.text(max_size=30))
def test_what_is_taken_as_a_phone_is_digits_only(text: str) -> None:
    phone = personal.clean_phone(text)
    assert phone == "" or (phone.isascii() and phone.isdigit() and 7 <= len(phone) <= 12)
    assert personal.clean_phone(phone) == phone
