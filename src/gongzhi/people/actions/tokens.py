"""Issuing and revoking API tokens."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.policy import require
from gongzhi.people import policies
from gongzhi.people.actions.accounts import locked_account
from gongzhi.people.errors import TokenUnknown
from gongzhi.people.facts import TokenIssued, TokenRevoked
from gongzhi.people.models import ApiToken
from gongzhi.people.queries.tokens import PREFIX, token_digest
from gongzhi.people.retention import retention

MOST = 20


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token; `raw` is shown this once and kept nowhere."""

    id: int
    raw: str = field(repr=False)
    expires_at: datetime


@action
def issue_token(
    *, actor: Actor, name: str, scopes: Collection[str], days: int | None = None
) -> IssuedToken:
    """Issue a token for the actor's own account, narrowed to *scopes* the actor holds.

    Raises `NotAllowed` (also through a token: a token makes no tokens) and `InvalidInput`.
    """
    require(policies.can_own(actor, actor.account or 0))
    account = locked_account(actor.account or 0)
    wanted = _check(actor, name, scopes, days)
    if account.tokens.filter(revoked_at=None, expires_at__gt=clock.now()).count() >= MOST:
        raise InvalidInput(_("有效令牌已有 20 个"), field="name", mend=_("请先停用不用的令牌"))
    raw = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    token = ApiToken.objects.create(
        account=account,
        name=name.strip(),
        hint=f"{raw[:6]}…{raw[-4:]}",
        digest=token_digest(raw),
        scopes=wanted,
        created_at=now,
        expires_at=now + timedelta(days=days or retention().token_days),
    )
    emit(TokenIssued(account=account.pk, token=token.pk, scopes=tuple(wanted)), area=account.area)
    return IssuedToken(token.pk, raw, token.expires_at)


def _check(actor: Actor, name: str, scopes: Collection[str], days: int | None) -> list[str]:
    if not 0 < len(name.strip()) <= 60:  # the column's length
        raise InvalidInput(_("令牌须有名称"), field="name", mend=_("写明用在哪里，不超过 60 字"))
    wanted = sorted(set(scopes))
    if not wanted or not all(actor.has(power) for power in wanted):
        raise InvalidInput(
            _("令牌的权限须在您岗位的权限之内"), field="scopes", mend=_("请至少选一项您有的权限")
        )
    longest = retention().token_longest
    if days is not None and not 1 <= days <= longest:
        raise InvalidInput(
            _("有效天数须在 1 到 %(most)d 之间") % {"most": longest},
            field="days",
            mend=_("请改短有效期"),
        )
    return wanted


@action
def revoke_token(*, actor: Actor, token: int) -> None:
    """Revoke one of the actor's own tokens; doing it twice changes nothing."""
    found = ApiToken.objects.select_related("account").filter(pk=token).first()
    if found is None or not policies.can_own(actor, found.account_id):
        raise TokenUnknown()
    if ApiToken.objects.filter(pk=token, revoked_at=None).update(revoked_at=clock.now()):
        fact = TokenRevoked(account=found.account_id, token=found.pk)
        emit(fact, area=found.account.area)
