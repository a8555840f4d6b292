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
    they asked for its kind; with `addresses` whoever left one for the subject, by e-mail, or `only`
    that one of them. `at` is when it happened, now unless told.
    """

    template: str
    step: str
    subject_kind: str
    subject_id: int
    reference: str
    values: Mapping[str, Any] = field(default_factory=dict)
    accounts: Collection[int] = ()
    addresses: bool = False
    only: int | None = None
    fact: int | None = None
    at: datetime | None = None


@action
def tell(*, actor: Actor, notices: Sequence[NewNotice]) -> int:
    """Tell these things; return how many notices are new. What was told before is passed over."""
    told = 0
    inside: dict[str, tuple[NewNotice, int]] = {}
    outside: dict[tuple[str, str, int], NewNotice] = {}
    # Of several with one key in one call the first counts, as it would in calls of their own.
    for one in notices:
        for account in sorted(set(one.accounts)):
            inside.setdefault(f"{one.step}:{one.template}:a{account}", (one, account))
        if one.addresses:
            # A resident is told one thing at each step, whichever fact of it comes first.
            outside.setdefault((one.step, one.subject_kind, one.subject_id), one)
    if inside:
        given = _columns([one for one, _account in inside.values()])
        given["accounts"] = [account for _one, account in inside.values()]
        told += _count("tell_accounts", {**given, "keys": list(inside)})
    if outside:
        given = _columns(list(outside.values()))
        given["only"] = [one.only for one in outside.values()]
        told += _count("tell_addresses", {**given, "keys": [step for step, *_rest in outside]})
    return told


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
