"""REST operations of disputes and consultations: each module adds to one router."""

from gongzhi.mediation.api import counselling, disputes
from gongzhi.mediation.api.common import router

__all__ = ["counselling", "disputes", "router"]
