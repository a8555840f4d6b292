"""Tells people what concerns them: each thing once to each, in the desk and by e-mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.sql import row
from gongzhi.messages import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """What is told. `step` names what happened (`fact:17`): with recipient and template it is

    the key under which nothing is told twice. `accounts` are told in the desk, by e-mail too if
    they asked for its kind; with `addresses` whoever left one for the subject, by e-mail. `at` is
    when it happened, now unless told.
    """

    template: str
    step: str
    subject_kind: str
    subject_id: int
    reference: str
    values: Mapping[str, Any] = field(default_factory=dict)
    accounts: Collection[int] = ()
    addresses: bool = False
    fact: int | None = None
    at: datetime | None = None


@action
def tell(*, actor: Actor, notices: Sequence[NewNotice]) -> int:
    """Tell these things; return how many notices are new. What was told before is passed over."""
    told = 0
    to_accounts = [(one, account) for one in notices for account in sorted(set(one.accounts))]
    if to_accounts:
        given = _columns([one for one, _account in to_accounts])
        given["accounts"] = [account for _one, account in to_accounts]
        given["keys"] = [f"{_key(one)}:a{account}" for one, account in to_accounts]
        told += _count("tell_accounts", given)
    if outside := [one for one in notices if one.addresses]:
        given = _columns(outside)
        # A resident is told one thing at each step, whichever fact of it comes first.
        given["keys"] = [one.step for one in outside]
        told += _count("tell_addresses", given)
    return told


def _key(notice: NewNotice) -> str:
    return f"{notice.step}:{notice.template}"


def _count(name: str, given: Mapping[str, Any]) -> int:
    found = row("messages", name, given)
    return int((found or {"told": 0})["told"])


def _columns(notices: Sequence[NewNotice]) -> dict[str, list[Any]]:
    known = rules.rules()
    templates = [known.template(one.template) for one in notices]
    now = clock.now()
    morning = known.awake(now)
    return {
        "templates": [one.template for one in notices],
        "kinds": [one.kind for one in templates],
        "subject_kinds": [one.subject_kind for one in notices],
        "subject_ids": [one.subject_id for one in notices],
        "references": [one.reference for one in notices],
        "values": [orjson.dumps(dict(one.values)).decode() for one in notices],
        "facts": [one.fact for one in notices],
        "moments": [one.at or now for one in notices],
        "urgent": [one.urgent for one in templates],
        "next_tries": [now if one.urgent else morning for one in templates],
    }
