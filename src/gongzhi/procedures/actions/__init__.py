"""Every write to procedures and cases."""

from gongzhi.procedures.actions.asking import (
    QUESTION_ACTIONS,
    Asked,
    NewQuestion,
    answer_question,
    ask_outside,
    count_link_visit,
    extend_question,
    withdraw_question,
)
from gongzhi.procedures.actions.closing import cancel_case, reopen_case
from gongzhi.procedures.actions.dating import set_own_due
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.actions.items import (
    ITEM_ACTIONS,
    add_evidence,
    assign_held,
    assign_item,
    claim_item,
    release_item,
)
from gongzhi.procedures.actions.moving import BulkResult, bulk_move, move_case
from gongzhi.procedures.actions.objections import object_to_dispatch, rule_objection
from gongzhi.procedures.actions.opening import Opened, Opening, open_case
from gongzhi.procedures.actions.pausing import ask_pause, resume_case, rule_pause
from gongzhi.procedures.actions.publishing import (
    Planned,
    check_procedures,
    load_procedures,
    plan_procedures,
    publish_procedure,
)
from gongzhi.procedures.actions.recusing import (
    forget_recusal_words,
    inherit_recusals,
    order_recusal,
    recuse_oneself,
    take_back_recusal,
)
from gongzhi.procedures.actions.relocating import relocate_case
from gongzhi.procedures.actions.supervising import (
    answer_supervision,
    end_supervision,
    supervise_by_itself,
    supervise_case,
)
from gongzhi.procedures.actions.timers import fire_timers, wake_next

__all__ = [
    "ITEM_ACTIONS",
    "QUESTION_ACTIONS",
    "Asked",
    "BulkResult",
    "NewQuestion",
    "Opened",
    "Opening",
    "Planned",
    "add_evidence",
    "answer_question",
    "answer_supervision",
    "ask_outside",
    "ask_pause",
    "assign_held",
    "assign_item",
    "bulk_move",
    "cancel_case",
    "check_procedures",
    "claim_item",
    "count_link_visit",
    "end_supervision",
    "extend_question",
    "fire_timers",
    "forget_recusal_words",
    "hold_case",
    "inherit_recusals",
    "load_procedures",
    "move_case",
    "object_to_dispatch",
    "open_case",
    "order_recusal",
    "plan_procedures",
    "publish_procedure",
    "recuse_oneself",
    "release_item",
    "relocate_case",
    "reopen_case",
    "resume_case",
    "rule_objection",
    "rule_pause",
    "set_own_due",
    "supervise_by_itself",
    "supervise_case",
    "take_back_recusal",
    "wake_next",
    "withdraw_question",
]
