"""Taking in a sheet of another system: checked, mended, confirmed, then row by row, never twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gongzhi.areas.queries import districts
from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import Decision, allow_if, refuse, require
from gongzhi.matters import policies
from gongzhi.matters.actions.reporting import report_matter
from gongzhi.matters.actions.sheet_checking import Checking, as_report
from gongzhi.matters.choices import RowState, SheetStatus
from gongzhi.matters.errors import SheetStarted, SheetUnknown
from gongzhi.matters.facts import SheetTaken
from gongzhi.matters.models import ForeignNumber, Sheet, SheetRow
from gongzhi.matters.sheet_rows import Checked, Wrong, opened_row
from gongzhi.matters.sheets import Line, kinds, read_sheet

KEPT_DAYS = 14
_STEP = 1000


@action
def check_sheet(*, actor: Actor, kind: str, name: str, content: bytes) -> int:
    """Read a sheet, check every row, keep it for whoever uploaded it, and return its id.

    No matter is written. Raises `SheetUnreadable`, `NotAllowed`.
    """
    require(_may_import(actor, kind))
    assert actor.account is not None
    known = kinds()[kind]
    columns, lines = read_sheet(known, name, content)
    checked = Checking(known).rows(lines)
    sheet = Sheet.objects.create(
        kind=kind,
        name=name[-120:],
        columns=columns,
        status=SheetStatus.CHECKED,
        by=actor.account,
        uploaded_at=clock.now(),
    )
    SheetRow.objects.bulk_create(
        [
            SheetRow(sheet=sheet, line=row.line, sealed=row.sealed(), state=row.state)
            for row in checked
        ],
        batch_size=_STEP,
    )
    return sheet.pk


def _may_import(actor: Actor, kind: str) -> Decision:
    known = kinds().get(kind)
    if known is None:
        return refuse(_("没有这种表"))
    own = actor.kind == "person" and actor.account is not None
    return policies.can_report(actor, known.channel) if own else allow_if(own, _("请先登录"))


def _own_sheet(actor: Actor, sheet: int) -> Sheet:
    """Return the actor's own sheet, held until the action ends; raise `SheetUnknown`."""
    found = Sheet.objects.select_for_update().filter(pk=sheet, by=actor.account or 0).first()
    if found is None:
        raise SheetUnknown(field="sheet")
    return found


@action
def mend_row(*, actor: Actor, sheet: int, line: int, values: Mapping[str, str]) -> RowState:
    """Change the texts of a row that is wrong, check it again, and return its state.

    Raises `SheetUnknown`, `NotAllowed`, `SheetStarted`.
    """
    found = _own_sheet(actor, sheet)
    require(_may_import(actor, found.kind))
    if found.status != SheetStatus.CHECKED:
        raise SheetStarted()
    row = SheetRow.objects.filter(sheet=found, line=line, state=RowState.BAD).first()
    if row is None:
        raise SheetUnknown(field="line")
    kind = kinds()[found.kind]
    before = opened_row(row.line, row.sealed)
    changed = {one.key: str(values[one.key]).strip() for one in kind.columns if one.key in values}
    texts = {**before.values, **changed}
    others = _numbers(found, besides=line)
    checked = Checking(kind).rows([Line(line, texts)], others)[0]
    _keep(row, checked)
    return checked.state


def _numbers(sheet: Sheet, *, besides: int) -> list[str]:
    rows = SheetRow.objects.filter(sheet=sheet).exclude(line=besides)
    return [opened_row(r.line, r.sealed).values.get("number", "") for r in rows]


def _keep(row: SheetRow, checked: Checked, state: RowState | None = None) -> None:
    SheetRow.objects.filter(pk=row.pk).update(sealed=checked.sealed(), state=state or checked.state)


@action
def start_sheet(*, actor: Actor, sheet: int) -> None:
    """Confirm a sheet: its good rows are taken in from now on. Pressed twice, it starts once."""
    found = _own_sheet(actor, sheet)
    require(_may_import(actor, found.kind))
    if found.status != SheetStatus.CHECKED:
        return
    found.status, found.started_at = SheetStatus.RUNNING, clock.now()
    found.save(update_fields=["status", "started_at"])
    rows = SheetRow.objects.filter(sheet=found, state=RowState.GOOD).count()
    served = districts()
    fact = SheetTaken(found.pk, kinds()[found.kind].scheme, rows)
    emit(fact, area=served[0].code if served else "")


@action
def take_row(*, actor: Actor, sheet: int, line: int) -> bool:
    """Take in a good row of a running sheet; return whether it was there to be taken.

    The row, its matter and the other system's number are written together or not at all.
    """
    rows = SheetRow.objects.select_for_update(of=("self",)).filter(sheet=sheet, line=line)
    ready = rows.filter(sheet__status=SheetStatus.RUNNING, state=RowState.GOOD)
    row = ready.select_related("sheet").first()
    if row is None:
        return False
    kind, checked = kinds()[row.sheet.kind], opened_row(row.line, row.sealed)
    number = checked.meant["number"]
    known = ForeignNumber.objects.filter(scheme=kind.scheme, number=number).first()
    if known is not None:
        SheetRow.objects.filter(pk=row.pk).update(state=RowState.KNOWN, matter=known.matter_id)
        return True
    done = report_matter(actor=actor, report=as_report(kind, checked))
    told = checked.meant["told_at"]
    ForeignNumber.objects.create(
        scheme=kind.scheme,
        number=number,
        matter_id=done.matter,
        told_at=datetime.fromisoformat(told) if told else None,
    )
    SheetRow.objects.filter(pk=row.pk).update(state=RowState.TAKEN, matter=done.matter)
    return True


@action
def refuse_row(*, actor: Actor, sheet: int, line: int, problems: list[Wrong]) -> None:
    """Mark a row that could not be taken in after all, so that the rest goes on."""
    rows = SheetRow.objects.select_for_update().filter(sheet=sheet, state=RowState.GOOD)
    row = rows.filter(line=line).first()
    if row is not None:
        checked = opened_row(row.line, row.sealed)
        checked.wrong = problems
        _keep(row, checked, RowState.BAD)


@action
def end_sheet(*, actor: Actor, sheet: int) -> None:
    """Close a sheet of which no good row is left."""
    left = SheetRow.objects.filter(sheet=sheet, state=RowState.GOOD).exists()
    running = Sheet.objects.filter(pk=sheet, status=SheetStatus.RUNNING)
    if not left:
        running.update(status=SheetStatus.DONE, done_at=clock.now())


@action
def stop_sheet(*, actor: Actor, sheet: int) -> None:
    """Stop a sheet that cannot go on by itself: what was taken in stays, and it may be dropped."""
    running = Sheet.objects.filter(pk=sheet, status=SheetStatus.RUNNING)
    running.update(status=SheetStatus.STOPPED, done_at=clock.now())


@action
def drop_sheet(*, actor: Actor, sheet: int) -> None:
    """Forget a sheet and its rows, unless it is just being taken in. What was taken in stays."""
    found = _own_sheet(actor, sheet)
    if found.status == SheetStatus.RUNNING:
        raise SheetStarted(mend=_("请等导入完成"))
    found.delete()


@action
def forget_sheets(*, actor: Actor) -> int:
    """Forget sheets whose time is over: their rows hold names and phones; return how many."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    old = Sheet.objects.filter(uploaded_at__lt=before).exclude(status=SheetStatus.RUNNING)
    return old.delete()[1].get("matters.Sheet", 0)
