"""What the tests of visits share: an invented visit with needs."""

from __future__ import annotations

from typing import Any

from gongzhi.kernel import clock
from gongzhi.kernel.actor import Actor
from gongzhi.procedures.tests.support import GRID
from gongzhi.visits.actions import NewNeed, NewVisit, record_visit
from gongzhi.visits.models import Need

LAMP = "3号楼2单元楼道的灯不亮，晚上看不清台阶"
PLACE = "3号楼2单元402"


def new_visit(**more: Any) -> NewVisit:
    """Return a visit on which two needs were heard."""
    given: dict[str, Any] = {
        "area": GRID,
        "visited_on": clock.today(),
        "purpose": "routine",
        "place_text": PLACE,
        "heard": "家里都好，楼道暗",
        "needs": (NewNeed(words=LAMP, promise="问物业"), NewNeed(words="想知道体检怎么约")),
    }
    return NewVisit(**{**given, **more})


def record(actor: Actor, **more: Any) -> int:
    """Write down a visit; return its number."""
    return record_visit(actor=actor, new=new_visit(**more))


def first_need() -> Need:
    """Return the first need of the newest visit."""
    return Need.objects.order_by("-visit_id", "number")[0]
