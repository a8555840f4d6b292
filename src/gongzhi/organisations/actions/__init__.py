"""Every write to organisations, posts and roles."""

from __future__ import annotations

from gongzhi.organisations.actions.definitions import (
    Changes,
    load_district_definitions,
    load_organisation_kinds,
    load_roles,
)
from gongzhi.organisations.actions.organisations import (
    NewOrganisation,
    abolish_organisation,
    change_organisation,
    establish_organisation,
)
from gongzhi.organisations.actions.posts import (
    NewPost,
    add_post,
    deputise,
    end_post,
    hand_over_post,
    open_staffed_account,
)

__all__ = [
    "Changes",
    "NewOrganisation",
    "NewPost",
    "abolish_organisation",
    "add_post",
    "change_organisation",
    "deputise",
    "end_post",
    "establish_organisation",
    "hand_over_post",
    "load_district_definitions",
    "load_organisation_kinds",
    "load_roles",
    "open_staffed_account",
]
