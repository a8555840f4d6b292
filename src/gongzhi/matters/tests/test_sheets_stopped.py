"""Sheets of which a row or the whole cannot be taken in: told where, holding up no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse

from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.matters import actions, jobs, queries
from gongzhi.matters.models import Matter, Sheet, SheetRow
from gongzhi.matters.sheet_rows import opened_row
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.matters.tests.test_sheets import ALSO, GOOD, as_csv, check
from gongzhi.procedures.tests.support import World


def spoil(model: type[Sheet] | type[SheetRow], which: int, **columns: Any) -> None:
    """Write what nobody may."""

    @action
    def change(*, actor: Actor) -> None:
        model.objects.filter(pk=which).update(**columns)

    change(actor=SYSTEM)


def test_what_fails_is_told_on_the_line_that_failed(world: World) -> None:
    clerk = world.staff["district_clerk"]
    sheet = check(world, as_csv([GOOD, ALSO]))
    actions.start_sheet(actor=clerk, sheet=sheet)
    _first, second = SheetRow.objects.filter(sheet=sheet).order_by("line")
    row = opened_row(second.line, second.sealed)
    row = replace(row, meant={**row.meant, "area": "999999999999"})
    spoil(SheetRow, second.pk, sealed=row.sealed())
    jobs.take_line(sheet, second.line, clerk.account or 0)
    states = SheetRow.objects.filter(sheet=sheet).order_by("line").values_list("state", flat=True)
    assert list(states) == ["good", "bad"]
    jobs.take_sheets(0)
    line = queries.sheet_line(clerk, sheet)
    assert (line.status, line.counts["taken"], line.counts["bad"]) == ("done", 1, 1)


def test_one_worker_at_a_time_takes_sheets_in() -> None:
    assert jobs.take_sheets.lock == "matters.take_sheets"


def test_a_broken_sheet_stops_holds_up_no_other_and_may_be_dropped(world: World) -> None:
    clerk = world.staff["district_clerk"]
    broken, whole = check(world, as_csv([GOOD])), check(world, as_csv([ALSO]))
    for sheet in (broken, whole):
        actions.start_sheet(actor=clerk, sheet=sheet)
    spoil(Sheet, broken, kind="gone")  # as if taken out of sheets.yaml
    jobs.take_sheets(0)
    assert queries.sheet_line(clerk, broken).status == "stopped"
    assert queries.sheet_line(clerk, whole).status == "done"
    assert Matter.objects.count() == 1
    client = desk(world, "district_clerk")
    assert "导入中断了" in text(client.get(reverse("matters:sheet", args=[broken])))
    file = client.get(reverse("matters:sheet_bad", args=[broken]))
    assert b"".join(file)[:2] == b"PK"
    client.post(reverse("matters:sheet_drop", args=[broken]))
    assert not Sheet.objects.filter(pk=broken).exists()
