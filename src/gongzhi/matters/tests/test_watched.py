"""What several residents report comes under supervision by itself, in the order reporters join."""

from __future__ import annotations

from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.matters import actions
from gongzhi.matters.actions import Contact
from gongzhi.matters.tests.support import PHONE, report
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.tests.support import World


def test_three_reporters_bring_a_matter_under_supervision(world: World) -> None:
    found = report()
    for number, watched in ((1, False), (2, True)):
        contact = Contact(name=f"王{number}", phone=f"1390000111{number}")
        actions.follow_matter(actor=ANONYMOUS, reference=found.reference, contact=contact)
        assert procedures.case_state(found.case).supervised is watched
    (row,) = procedures.supervised(world.staff["street_secretary"]).items
    assert (row.reference, row.trigger) == (found.reference, "多人反映")


def test_merged_duplicates_count_as_reporters(world: World) -> None:
    main = report()
    for _ in range(2):
        duplicate = report()
        actions.merge_matters(
            actor=world.staff["community_secretary"],
            reference=duplicate.reference,
            main=main.reference,
        )
    assert procedures.case_state(main.case).supervised


def test_one_who_follows_again_and_again_brings_nothing_under_supervision(world: World) -> None:
    """Without a phone, with the reporter's own, or with one phone twice: nobody else is known."""
    found = report(name="李秀英", phone=PHONE)
    for phone in ("", "", PHONE, "13900001111", "13900001111"):
        contact = Contact(phone=phone)
        actions.follow_matter(actor=ANONYMOUS, reference=found.reference, contact=contact)
        assert not procedures.case_state(found.case).supervised
    other = Contact(phone="13900002222")
    actions.follow_matter(actor=ANONYMOUS, reference=found.reference, contact=other)
    assert procedures.case_state(found.case).supervised
