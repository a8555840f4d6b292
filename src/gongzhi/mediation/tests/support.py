"""What the tests share: the small district with a counsellor, invented disputes."""

from __future__ import annotations

from typing import Any

from gongzhi.kernel import clock
from gongzhi.kernel.actor import Actor
from gongzhi.mediation import actions, queries
from gongzhi.mediation.choices import DISPUTE
from gongzhi.organisations.tests import support as small
from gongzhi.procedures.tests.support import GRID, STREET, World, build_world

ABOUT = "楼上漏水泡了天花板，赔多少谈不拢"
NAMES = ("甲演示", "乙演示")
PHONE = "13900000001"
TROUBLE = "夜里睡不着，不想见人"
PERSON = "丙演示"


def build() -> World:
    """Build the district; its street has a counsellor."""
    world = build_world()
    world.staff["counsellor"] = small.staff("counsellor", "counsellor", STREET)
    return world


def new_dispute(**more: Any) -> actions.NewDispute:
    """Return a dispute between two neighbours in the first grid."""
    parties = ((NAMES[0], PHONE), (NAMES[1], ""))
    given: dict[str, Any] = {"kind": "neighbour", "area": GRID, "about": ABOUT, "parties": parties}
    return actions.NewDispute(**{**given, **more})


def register(world: World, by: str = "community_worker", **more: Any) -> str:
    """Put a dispute on record; return its reference."""
    return actions.register_dispute(actor=world.staff[by], new=new_dispute(**more)).reference


def new_consultation(area: str = GRID) -> actions.NewConsultation:
    """Return a consultation of somebody in the first grid."""
    return actions.NewConsultation(area=area, name=PERSON, phone=PHONE, about=TROUBLE)


def consult(world: World, area: str = GRID) -> str:
    """Put a consultation on record; return its reference."""
    new = new_consultation(area)
    found = actions.register_consultation(actor=world.staff["counsellor"], new=new)
    return found.reference


def mediate(actor: Actor, reference: str) -> None:
    """Write down one mediation."""
    actions.record_mediation(
        actor=actor,
        reference=reference,
        held_on=clock.today(),
        led="丁演示",
        words="双方同意找人来估价",
    )


def go(actor: Actor, reference: str, *moves: str, **data: Any) -> str:
    """Make moves one after another; return the stage or outcome the dispute is in."""
    for move in moves:
        actions.move_record(actor=actor, reference=reference, move=move, data=data)
    state = queries.case_of(actor, reference, DISPUTE)
    return state.outcome or state.stage
