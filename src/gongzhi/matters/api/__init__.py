"""REST operations of matters: each module adds to one router."""

from gongzhi.matters.api.intake import router

__all__ = ["router"]
