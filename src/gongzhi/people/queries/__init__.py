"""Every read of accounts and personal data."""

from __future__ import annotations

from gongzhi.people.queries.accounts import (
    MaskedDatum,
    PersonDetail,
    PersonRow,
    RevealRow,
    account_by_username,
    buttons_for,
    demo_personas,
    display_names,
    find_by_login,
    get_account,
    get_person,
    has_second_factor,
    list_people,
    masked_data,
    pick_account,
    require_staff,
    reveals_of,
    visible_to,
)
from gongzhi.people.queries.places import home_area
from gongzhi.people.queries.tokens import PREFIX, TokenInfo, token_digest, tokens_of

__all__ = [
    "PREFIX",
    "MaskedDatum",
    "PersonDetail",
    "PersonRow",
    "RevealRow",
    "TokenInfo",
    "account_by_username",
    "buttons_for",
    "demo_personas",
    "display_names",
    "find_by_login",
    "get_account",
    "get_person",
    "has_second_factor",
    "home_area",
    "list_people",
    "masked_data",
    "pick_account",
    "require_staff",
    "reveals_of",
    "token_digest",
    "tokens_of",
    "visible_to",
]
