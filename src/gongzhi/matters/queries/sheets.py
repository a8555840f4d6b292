"""Sheets of other systems as whoever uploaded them reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from gongzhi.areas.queries import path_names
from gongzhi.kernel.actor import Actor
from gongzhi.matters.choices import RowState, SheetStatus
from gongzhi.matters.errors import SheetUnknown
from gongzhi.matters.models import Sheet, SheetRow
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.sheet_rows import Checked, opened_row
from gongzhi.matters.sheets import SheetKind, harmless, kinds

PREVIEWED = 20  # good rows on the page
MENDED_AT_ONCE = 50  # bad rows on the page


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet in the list of one's own."""

    id: int
    name: str
    kind_name: str
    status: str
    status_name: str
    uploaded_at: datetime
    counts: dict[str, int]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row as it will be taken in, in the words of this system."""

    line: int
    number: str
    words: str
    place: str
    category: str
    foreign_category: str
    contact: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet with its columns, some of its good rows and its bad ones."""

    line: SheetLine
    kind: SheetKind
    columns: tuple[tuple[str, str], ...]
    unused: tuple[str, ...]
    good: tuple[GoodRow, ...]
    bad: tuple[Checked, ...]


def own_sheets(actor: Actor, limit: int = 20) -> list[SheetLine]:
    """Return the actor's own sheets, the newest first."""
    found = list(Sheet.objects.filter(by=actor.account or 0).order_by("-id")[:limit])
    counts = _counts([one.pk for one in found])
    return [_line(one, counts.get(one.pk, {})) for one in found]


def _counts(sheets: list[int]) -> dict[int, dict[str, int]]:
    rows = SheetRow.objects.filter(sheet__in=sheets).values_list("sheet", "state")
    counts: dict[int, dict[str, int]] = {}
    for sheet, state, n in rows.annotate(Count("pk")):
        counts.setdefault(sheet, {})[state] = n
    return counts


def _line(sheet: Sheet, counts: dict[str, int]) -> SheetLine:
    kind = kinds().get(sheet.kind)
    return SheetLine(
        sheet.pk,
        sheet.name,
        kind.name if kind else sheet.kind,
        sheet.status,
        str(SheetStatus(sheet.status).label),
        sheet.uploaded_at,
        {state.value: counts.get(state.value, 0) for state in RowState},
    )


def _kind(sheet: Sheet) -> SheetKind:
    """Return a sheet's kind; of one that is known no more, what the sheet itself tells."""
    bare = SheetKind(sheet.kind, sheet.kind, "", "", (), ())
    return kinds().get(sheet.kind, bare)


def _own(actor: Actor, sheet: int) -> Sheet:
    found = Sheet.objects.filter(pk=sheet, by=actor.account or 0).first()
    if found is None:
        raise SheetUnknown(field="sheet")
    return found


def sheet_line(actor: Actor, sheet: int) -> SheetLine:
    """Return how far one's own sheet has come; raise `SheetUnknown`."""
    found = _own(actor, sheet)
    return _line(found, _counts([found.pk]).get(found.pk, {}))


def sheet_view(actor: Actor, sheet: int) -> SheetView:
    """Return one's own sheet to be looked over; raise `SheetUnknown`."""
    found = _own(actor, sheet)
    kind = _kind(found)
    rows = SheetRow.objects.filter(sheet=found)
    good = [opened_row(r.line, r.sealed) for r in _some(rows, RowState.GOOD, PREVIEWED)]
    bad = [opened_row(r.line, r.sealed) for r in _some(rows, RowState.BAD, MENDED_AT_ONCE)]
    return SheetView(
        line=_line(found, _counts([found.pk]).get(found.pk, {})),
        kind=kind,
        columns=tuple((heading, kind.label(key)) for key, heading in found.columns),
        unused=tuple(one.label for one in kind.columns if one.key not in dict(found.columns)),
        good=tuple(_good(good)),
        bad=tuple(bad),
    )


def _some(rows: Any, state: RowState, most: int) -> Any:
    return rows.filter(state=state).order_by("line")[:most]


def _good(rows: list[Checked]) -> Iterator[GoodRow]:
    places = path_names({row.meant["area"] for row in rows if row.meant["area"]})
    book = category_book()
    for row in rows:
        meant = row.meant
        place = places.get(meant["area"], "").replace(" › ", " ")
        yield GoodRow(
            row.line,
            meant["number"],
            meant["words"],
            " ".join(word for word in (place, meant["place_text"]) if word),
            book.name(meant["category"]) if meant["category"] else "",
            row.values.get("category", ""),
            _("已留") if meant["phone"] or meant["name"] else _("匿名"),
        )


def bad_rows(actor: Actor, sheet: int) -> Iterator[list[str]]:
    """Return the bad rows under the headings of the file, each with what is wrong: as a sheet."""
    found = _own(actor, sheet)
    kind = _kind(found)
    keys = [key for key, _heading in found.columns]
    headings = (harmless(heading) for _key, heading in found.columns)
    yield [*headings, _("错误"), _("怎么改")]
    rows = SheetRow.objects.filter(sheet=found, state=RowState.BAD).order_by("line")
    for kept in rows:
        row = opened_row(kept.line, kept.sealed)
        texts = [harmless(row.values.get(key, "")) for key in keys]
        words = "；".join(f"{kind.label(one.field)}：{one.message}" for one in row.wrong)
        yield [*texts, harmless(words), harmless("；".join(one.mend for one in row.wrong))]


def next_line(sheet: int) -> int | None:
    """Return the line of the next good row of a running sheet, None when none is left."""
    rows = SheetRow.objects.filter(sheet=sheet, sheet__status=SheetStatus.RUNNING)
    good = rows.filter(state=RowState.GOOD).order_by("line")
    return good.values_list("line", flat=True).first()


def running_sheets() -> list[tuple[int, int]]:
    """Return the sheets that are being taken in, each with the account that confirmed it."""
    running = Sheet.objects.filter(status=SheetStatus.RUNNING).order_by("pk")
    return list(running.values_list("pk", "by"))
