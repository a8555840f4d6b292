"""Every read of disputes and consultations."""

from gongzhi.mediation.queries.counselling import (
    ConsultationDetail,
    consultation_for,
    count_consultations,
    list_consultations,
)
from gongzhi.mediation.queries.disputes import (
    AgreementShown,
    DisputeDetail,
    ReviewShown,
    count_disputes,
    dispute_for,
    list_disputes,
    visible_to,
)
from gongzhi.mediation.queries.sealed import Held, PersonShown
from gongzhi.mediation.queries.standing import Counts, Row, case_of

__all__ = [
    "AgreementShown",
    "ConsultationDetail",
    "Counts",
    "DisputeDetail",
    "Held",
    "PersonShown",
    "ReviewShown",
    "Row",
    "case_of",
    "consultation_for",
    "count_consultations",
    "count_disputes",
    "dispute_for",
    "list_consultations",
    "list_disputes",
    "visible_to",
]
