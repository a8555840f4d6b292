"""Every read of organisations, posts and roles."""

from __future__ import annotations

from gongzhi.organisations.queries.actors import (
    actor_for,
    actor_for_token,
    role_book,
    role_name,
    role_names,
)
from gongzhi.organisations.queries.holders import (
    Holder,
    holders,
    holders_in,
    holders_of,
    nearest_holder_area,
)

__all__ = [
    "Holder",
    "actor_for",
    "actor_for_token",
    "holders",
    "holders_in",
    "holders_of",
    "nearest_holder_area",
    "role_book",
    "role_name",
    "role_names",
]
