"""Every read of accounts and personal data."""

from __future__ import annotations

from gongzhi.people.queries.tokens import Bearer, TokenInfo, token_bearer, token_digest, tokens_of

__all__ = ["Bearer", "TokenInfo", "token_bearer", "token_digest", "tokens_of"]
