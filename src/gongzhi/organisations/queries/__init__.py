"""Every read of organisations, posts and roles."""

from __future__ import annotations

from gongzhi.organisations.queries.actors import (
    RoleInfo,
    actor_for,
    actor_for_token,
    role_book,
    role_name,
    role_names,
)
from gongzhi.organisations.queries.audit import AuditRow, audit_page
from gongzhi.organisations.queries.holders import (
    Holder,
    holders,
    holders_in,
    holders_of,
    nearest_holder_area,
)
from gongzhi.organisations.queries.organisations import (
    KindInfo,
    OrganisationDetail,
    OrganisationRow,
    Spell,
    choices_of_kinds,
    contradictions,
    get_organisation,
    kinds_of,
    list_organisations,
    organisation_area,
    organisation_by_code,
    organisation_kinds,
    organisation_names,
    organisations_of_kind,
    tree_on,
    visible_to,
)
from gongzhi.organisations.queries.posts import (
    PostRow,
    get_post,
    holders_within,
    list_posts,
    post_labels,
    posts_of,
)

__all__ = [
    "AuditRow",
    "Holder",
    "KindInfo",
    "OrganisationDetail",
    "OrganisationRow",
    "PostRow",
    "RoleInfo",
    "Spell",
    "actor_for",
    "actor_for_token",
    "audit_page",
    "choices_of_kinds",
    "contradictions",
    "get_organisation",
    "get_post",
    "holders",
    "holders_in",
    "holders_of",
    "holders_within",
    "kinds_of",
    "list_organisations",
    "list_posts",
    "nearest_holder_area",
    "organisation_area",
    "organisation_by_code",
    "organisation_kinds",
    "organisation_names",
    "organisations_of_kind",
    "post_labels",
    "posts_of",
    "role_book",
    "role_name",
    "role_names",
    "tree_on",
    "visible_to",
]
