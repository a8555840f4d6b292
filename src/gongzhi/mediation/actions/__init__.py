"""Every write to disputes and consultations."""

from gongzhi.mediation.actions.counselling import (
    NewConsultation,
    record_talk,
    register_consultation,
    reveal_person,
)
from gongzhi.mediation.actions.disputes import (
    NewDispute,
    add_party,
    record_agreement,
    record_mediation,
    record_review,
    register_dispute,
    reveal_parties,
)
from gongzhi.mediation.actions.keeping import erase_expired, set_term
from gongzhi.mediation.actions.moving import move_record

__all__ = [
    "NewConsultation",
    "NewDispute",
    "add_party",
    "erase_expired",
    "move_record",
    "record_agreement",
    "record_mediation",
    "record_review",
    "record_talk",
    "register_consultation",
    "register_dispute",
    "reveal_parties",
    "reveal_person",
    "set_term",
]
