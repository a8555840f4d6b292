"""Codes of other schemes and named sets of areas: dated, one meaning at a time, on pages too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.areas import actions, queries
from gongzhi.areas.choices import AreaInput
from gongzhi.areas.errors import AliasUnknown, AreaSetUnknown
from gongzhi.areas.models import AreaAlias, AreaSet
from gongzhi.areas.tests.conftest import Visit
from gongzhi.areas.tests.support import DISTRICT, FAR_HOME, HOME, OTHER_HOME, STREET
from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock, paging
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db
FIRST, THEN = date(2024, 1, 1), date(2025, 1, 1)


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _alias(code: str, on: date, actor: Actor = SYSTEM, foreign: str = "G-7") -> None:
    actions.set_alias(actor=actor, scheme="综治网格", foreign_code=foreign, code=code, on=on)


def _set(members: list[str], on: date, actor: Actor = SYSTEM) -> int:
    return actions.save_area_set(actor=actor, name="滨江商圈", kind="商圈", members=members, on=on)


def test_a_foreign_code_means_one_area_a_day_and_its_past_stays(tree: None) -> None:
    _alias(HOME, FIRST)
    _alias(OTHER_HOME, THEN)
    assert queries.resolve_alias("综治网格", "G-7", date(2024, 6, 1)) == HOME
    assert queries.resolve_alias("综治网格", "G-7") == OTHER_HOME
    assert queries.resolve_alias("综治网格", "G-7", date(2023, 6, 1)) is None
    with pytest.raises(InvalidInput):
        _alias(HOME, THEN)
    _alias(OTHER_HOME, clock.today())
    assert AreaAlias.objects.count() == 2


def test_an_area_is_found_by_its_foreign_code_while_it_holds(tree: None) -> None:
    _alias(HOME, FIRST)
    assert [area.code for area in queries.find_areas("G-7")] == [HOME]
    assert queries.resolve_area("G-7") == HOME
    actions.end_alias(actor=SYSTEM, alias=AreaAlias.objects.get().id, on=clock.today())
    assert queries.find_areas("G-7") == []


def test_an_ended_code_means_nothing_and_may_be_used_again_later(tree: None) -> None:
    _alias(HOME, FIRST)
    alias = AreaAlias.objects.get().id
    with pytest.raises(InvalidInput):
        actions.end_alias(actor=SYSTEM, alias=alias, on=FIRST)
    actions.end_alias(actor=SYSTEM, alias=alias, on=THEN)
    assert queries.resolve_alias("综治网格", "G-7") is None
    with pytest.raises(AliasUnknown):
        actions.end_alias(actor=SYSTEM, alias=alias, on=THEN)
    with pytest.raises(InvalidInput, match="2025"):
        _alias(HOME, date(2024, 6, 1))
    _alias(HOME, THEN)
    assert queries.resolve_alias("综治网格", "G-7") == HOME
    kinds = list(FactRecord.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["areas.alias_set", "areas.alias_ended", "areas.alias_set"]


def test_only_who_manages_both_areas_moves_a_code(
    tree: None, manager: Callable[[str], Actor]
) -> None:
    _alias(HOME, FIRST)
    with pytest.raises(NotAllowed):
        _alias(FAR_HOME, THEN, manager(FAR_HOME))
    with pytest.raises(NotAllowed):
        actions.end_alias(
            actor=manager(FAR_HOME), alias=AreaAlias.objects.get().id, on=clock.today()
        )


def test_a_set_cuts_across_streets_and_keeps_its_days(tree: None) -> None:
    made = _set([HOME, FAR_HOME], FIRST)
    assert _set([HOME, OTHER_HOME], THEN) == made
    assert queries.set_members(made, date(2024, 6, 1)) == [HOME, FAR_HOME]
    assert queries.set_members(made) == [HOME, OTHER_HOME]
    assert [row.name for row in queries.sets_of(OTHER_HOME)] == ["滨江商圈"]
    assert queries.sets_of(FAR_HOME) == []
    with pytest.raises(InvalidInput, match="2025"):
        _set([HOME, OTHER_HOME, FAR_HOME], date(2024, 6, 1))
    with pytest.raises(InvalidInput, match="2024"):
        _set([HOME], date(2023, 6, 1))
    actions.end_area_set(actor=SYSTEM, area_set=made, on=clock.today())
    assert queries.set_members(made) == []
    assert queries.list_area_sets() == []
    assert [row.id for row in queries.list_area_sets(ended=True)] == [made]
    with pytest.raises(AreaSetUnknown):
        actions.end_area_set(actor=SYSTEM, area_set=made, on=clock.today())


def test_nobody_drops_or_adds_areas_that_are_not_his(
    tree: None, manager: Callable[[str], Actor]
) -> None:
    made = _set([HOME, FAR_HOME], FIRST)
    for members in ([HOME], [HOME, FAR_HOME, OTHER_HOME]):
        with pytest.raises(NotAllowed):
            _set(members, THEN, manager(STREET))
    with pytest.raises(NotAllowed):
        actions.end_area_set(actor=manager(STREET), area_set=made, on=clock.today())


@action
def _twice(*, actor: Actor) -> None:
    AreaSet.objects.create(name="甲", kind="乙", valid_from=FIRST)
    AreaSet.objects.create(name="甲", kind="乙", valid_from=THEN)


def test_the_database_refuses_two_sets_of_one_name_at_a_time(db: None) -> None:
    with pytest.raises(IntegrityError, match="areas_set_no_overlap"):
        _twice(actor=SYSTEM)


def test_aliases_are_listed_page_by_page_in_a_fixed_number_of_statements(tree: None) -> None:
    for number in range(5):
        _alias(HOME, FIRST, foreign=f"G-{number}")
    first = queries.list_aliases(size=2)
    rest = queries.list_aliases(size=4, cursor=first.next or "")
    assert [row.foreign_code for row in (*first.items, *rest.items)] == [
        f"G-{number}" for number in range(5)
    ]
    assert rest.next is None
    with pytest.raises(InvalidInput):
        queries.list_aliases(cursor=paging.encode(7))
    asked = []
    for size in (1, 3):
        queries.list_aliases(size=size)
        with CaptureQueriesContext(connection) as seen:
            queries.list_aliases(size=size)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_aliases_on_pages(tree: None, visit: Visit) -> None:
    new = reverse("areas:new_alias")
    assert "编码体系" in _text(visit(f"{new}?code={HOME}"))
    data = {"scheme": "综治网格", "foreign_code": "G-7", "on": "2024-01-01"}
    assert visit(new, data | {"code_typed": "没有的社区"}).status_code == 422
    assert visit(new, data | {"code": HOME}).status_code == 302
    listed = _text(visit(reverse("areas:aliases")))
    assert "G-7" in listed
    assert "一社区" in listed
    assert "G-7" not in _text(visit(reverse("areas:aliases") + "?words=H"))
    assert "综治网格" in _text(visit(reverse("areas:area", args=[HOME])))
    end = reverse("areas:end_alias", args=[AreaAlias.objects.get().id])
    assert visit(end, {"on": "2023-01-01"}).status_code == 422
    assert visit(end, {"on": clock.today().isoformat()}).status_code == 302
    assert "G-7" not in _text(visit(reverse("areas:aliases")))
    assert "G-7" in _text(visit(reverse("areas:aliases") + "?ended=1"))


def test_sets_on_pages(tree: None, visit: Visit) -> None:
    day = (clock.today() - timedelta(days=9)).isoformat()
    data = {"name": "滨江商圈", "kind": "商圈", "code_typed": HOME, "on": day}
    assert visit(reverse("areas:new_set"), data).status_code == 302
    made = AreaSet.objects.get().id
    page, members = reverse("areas:set", args=[made]), reverse("areas:set_members", args=[made])
    assert visit(members, {"code_typed": "三社区", "on": day}).status_code == 302
    assert "三社区" in _text(visit(page))
    assert "移出" in _text(visit(page))
    assert "移出" not in _text(visit(page, at=HOME))
    today = clock.today().isoformat()
    assert visit(members, {"leave": FAR_HOME, "on": today}).status_code == 302
    refused = visit(members, {"leave": HOME, "on": today})
    assert refused.status_code == 422
    assert "至少选一个区域" in _text(refused)
    assert "滨江商圈" in _text(visit(reverse("areas:sets")))
    assert "滨江商圈" in _text(visit(reverse("areas:area", args=[HOME])))
    assert visit(reverse("areas:end_set", args=[made]), {"on": today}).status_code == 302
    assert "滨江商圈" not in _text(visit(reverse("areas:sets")))
    assert "滨江商圈" in _text(visit(reverse("areas:sets") + "?ended=1"))


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (f"area={STREET}&area={HOME}", HOME),
        (f"area={STREET}&area_typed=三社区", "三社区"),
        (f"area={DISTRICT}&area_whole_is={DISTRICT}", ""),
        (f"area={DISTRICT}&area_whole_is={DISTRICT}&area_whole={DISTRICT}", DISTRICT),
        (f"area={HOME}&area_whole_is={DISTRICT}&area_whole={DISTRICT}", HOME),
        ("", ""),
    ],
)
def test_an_area_is_typed_or_chosen(sent: str, meant: str) -> None:
    assert AreaInput().value_from_datadict(QueryDict(sent), {}, "area") == meant
