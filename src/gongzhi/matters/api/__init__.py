"""REST operations of matters: each module adds to one router."""

from gongzhi.matters.api import asides, handling, intake, photos, reporter, tables, together
from gongzhi.matters.api.reports import router

__all__ = ["asides", "handling", "intake", "photos", "reporter", "router", "tables", "together"]
