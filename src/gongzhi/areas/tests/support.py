"""A small invented district: two streets, three communities, five grids with households."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gongzhi.areas.actions.writing import NewArea, open_areas
from gongzhi.areas.models import Area
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor

DISTRICTS = Path(__file__).resolve().parents[2] / "districts"
SINCE = date(2020, 1, 1)
DAY = date(2024, 5, 1)
DISTRICT, STREET, HOME = "990101", "990101001", "990101001001"
OTHER_HOME, OTHER_STREET, FAR_HOME = "990101001002", "990101002", "990101002001"

ROWS = [
    ("99", "甲省", "province", None, None),
    ("9901", "甲市", "city", None, None),
    (DISTRICT, "甲区", "district", 1500, 3600),
    (STREET, "一街道", "subdistrict", 1000, 2400),
    (HOME, "一社区", "residential", 600, 1500),
    (HOME + "001", "一社区第1网格", "basic", 300, 700),
    (HOME + "002", "一社区第2网格", "basic", 200, 500),
    (HOME + "003", "一社区第3网格", "basic", 100, 300),
    (HOME + "001001", "一号楼", "building", 40, 90),
    (OTHER_HOME, "二社区", "residential", 400, 900),
    (OTHER_HOME + "001", "二社区第1网格", "basic", 400, 900),
    (OTHER_STREET, "二街道", "subdistrict", 500, 1200),
    (FAR_HOME, "三社区", "unit_type", 500, 1200),
    (FAR_HOME + "001", "三社区第1网格", "dedicated", 500, 1200),
]


@action
def open_rows(*, actor: Actor, rows: list[NewArea]) -> dict[str, int]:
    """Open rows as a test needs them."""
    return open_areas(rows)


def small_tree() -> None:
    """Open the invented district."""
    open_rows(
        actor=SYSTEM,
        rows=[
            NewArea(code, name, kind, SINCE, _short(name), None, homes, people)
            for code, name, kind, homes, people in ROWS
        ],
    )


def _short(name: str) -> str:
    at = name.find("第")
    return name[at:] if at > 0 else name


def current(code: str) -> Area:
    """Return the current row of a code."""
    return Area.objects.get(code=code, valid_to=None)


def sums(prefix: str, level: str) -> tuple[int, int]:
    """Return households and residents over the current areas of one level within a prefix."""
    found = Area.objects.filter(code__startswith=prefix, level=level, valid_to=None)
    pairs = list(found.values_list("households", "residents"))
    return sum(h or 0 for h, _ in pairs), sum(r or 0 for _, r in pairs)
