"""What is kept and for how long: category versions, reporters, places."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gongzhi.facts.queries import timeline
from gongzhi.kernel import clock
from gongzhi.kernel.action import BATCHES, HANDLERS
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM
from gongzhi.kernel.errors import NotAllowed
from gongzhi.matters import actions, queries
from gongzhi.matters.errors import CategoriesUnreadable, CategoryUnknown, PlaceFixed, PlaceUnknown
from gongzhi.matters.models import CategoryTable, Matter, Reporter
from gongzhi.matters.tests.support import COMMUNITY, GRID, OTHER_GRID, PHONE, report
from gongzhi.procedures.actions import reopen_case
from gongzhi.procedures.errors import CaseClosed, CaseMoved
from gongzhi.procedures.tests.support import World

HEADER = "code,parent,name,name_en,organisation_kind,basis,hint"


def _file(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "categories.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    return path


def test_a_changed_table_is_a_new_version_and_old_codes_keep_their_names(
    world: World, tmp_path: Path
) -> None:
    found = report(category="parking")
    file = _file(tmp_path, "one,,第一,First,,,", "two,one,第二,,,,", "three,two,第三,,,,")
    planned = actions.load_categories(actor=SYSTEM, file=file, dry_run=True)
    assert (planned.changed, planned.added) == (True, ("one", "three", "two"))
    assert "parking" in queries.category_book().categories
    actions.load_categories(actor=SYSTEM, file=file)
    book = queries.category_book()
    assert set(book.categories) == {"one", "two", "three"}
    assert book.below("one") == ["one", "two", "three"]
    assert queries.get_matter(SYSTEM, found.reference).category_name == "停车秩序"
    with pytest.raises(CategoryUnknown):
        report(category="parking")
    with pytest.raises(CategoryUnknown):
        actions.classify_matter(actor=SYSTEM, reference=found.reference, category="parking")
    actions.classify_matter(actor=SYSTEM, reference=found.reference, category="three")
    assert Matter.objects.get(pk=found.matter).category_table == book.number


@pytest.mark.django_db
def test_a_bad_table_is_refused_line_by_line_and_writes_nothing(tmp_path: Path) -> None:
    bad = _file(
        tmp_path,
        "ok,,好,,,,",
        "ok,,又,,,,",
        "UPPER,,坏,,,,",
        "kid,nobody,孤,,,,",
        "a,,,,,,",
        "short,,短",
        "b,ok,二,,,,",
        "c,b,三,,,,",
        "d,c,四,,,,",
    )
    with pytest.raises(CategoriesUnreadable) as caught:
        actions.load_categories(actor=SYSTEM, file=bad)
    assert [p.field for p in caught.value.problems] == [f"line {n}" for n in (3, 4, 5, 6, 7, 10)]
    assert all(p.mend for p in caught.value.problems)
    latin = tmp_path / "latin.csv"
    latin.write_bytes(b"\xff\xfe")
    for file in (latin, tmp_path / "none.csv", _file(tmp_path, "x", header="wrong,head")):
        with pytest.raises(CategoriesUnreadable):
            actions.load_categories(actor=SYSTEM, file=file)
    assert CategoryTable.objects.count() == 0
    with pytest.raises(NotAllowed):
        actions.load_categories(actor=ANONYMOUS, file=bad)


def _close(world: World, reference: str, secret: str) -> None:
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=reference,
        move="answer",
        data={"result": "solved", "answer": "好"},
    )
    actions.give_verdict(
        actor=ANONYMOUS, reference=reference, secret=secret, solved=True, satisfaction="satisfied"
    )


def _deliver(*cases: int) -> None:
    """Give the cases' facts to their handlers, twice: delivery is at least once."""
    for _ in range(2):
        for fact in (one for case in cases for one in timeline(case)):
            for handler in HANDLERS.get(fact.kind, ()):
                handler([fact] if handler in BATCHES else fact)


def test_the_reporter_is_erased_when_the_time_is_over_and_the_matter_stays(world: World) -> None:
    closed, again = (report(name="李明", phone=PHONE) for _ in range(2))
    still = report(phone=PHONE)
    for one in (closed, again):
        _close(world, one.reference, one.secret)
    secretary = world.staff["community_secretary"]
    reopen_case(actor=secretary, case=again.case, stage="grid", reason="又停满了")
    _deliver(closed.case, again.case)
    terms = dict(Reporter.objects.values_list("matter", "keep_until"))
    until = terms[closed.matter]
    assert until is not None
    assert terms == {closed.matter: until, again.matter: None, still.matter: None}
    assert actions.erase_expired_reporters(actor=SYSTEM) == 0
    with clock.travel_to(clock.now() + (until - clock.today()) + timedelta(days=1)):
        assert actions.erase_expired_reporters(actor=SYSTEM) == 1
    assert set(Reporter.objects.values_list("matter", flat=True)) == {again.matter, still.matter}
    assert Matter.objects.filter(pk=closed.matter).exists()


def test_a_place_is_corrected_only_within_reach_of_whoever_holds_the_matter(world: World) -> None:
    found = report(area=COMMUNITY)
    worker, clerk = world.staff["community_worker"], world.staff["district_clerk"]
    with pytest.raises(PlaceUnknown):
        actions.locate_matter(actor=clerk, reference=found.reference, area="320602001")
    with pytest.raises(PlaceFixed):
        actions.locate_matter(actor=clerk, reference=found.reference, area="320602002001")
    with pytest.raises(CaseMoved):
        actions.locate_matter(
            actor=worker, reference=found.reference, area=GRID, revision=found.revision + 1
        )
    moved = actions.locate_matter(actor=worker, reference=found.reference, area=OTHER_GRID)
    assert (moved.area, moved.revision) == (OTHER_GRID, found.revision + 1)
    other = report()
    _close(world, other.reference, other.secret)
    with pytest.raises(CaseClosed):
        actions.locate_matter(actor=clerk, reference=other.reference, area=OTHER_GRID)
