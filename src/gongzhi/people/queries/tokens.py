"""API tokens: what is kept of one, and the list on somebody's own page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from gongzhi.kernel import clock
from gongzhi.people.models import ApiToken

PREFIX = "gz_"


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token as its owner sees it; the token itself is never seen again."""

    id: int
    account: int
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    @property
    def is_live(self) -> bool:
        """Whether it can be used now."""
        return self.revoked_at is None and self.expires_at > clock.now()


def token_digest(raw: str) -> bytes:
    """Return what is kept of a token: it is random enough to need no salt."""
    return hashlib.sha256(raw.encode("utf-8", "replace")).digest()


def tokens_of(account: int) -> list[TokenInfo]:
    """Return an account's tokens, newest first."""
    return [
        TokenInfo(
            token.pk,
            token.account_id,
            token.name,
            token.hint,
            tuple(token.scopes),
            token.created_at,
            token.expires_at,
            token.revoked_at,
        )
        for token in ApiToken.objects.filter(account_id=account).order_by("-id")
    ]
