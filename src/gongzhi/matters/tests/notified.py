"""Lets handlers hear what a test did, and sends what is due."""

from __future__ import annotations

from dataclasses import replace

from django.core import mail

from gongzhi.facts.actions import subscriptions
from gongzhi.facts.models import FactRecord
from gongzhi.kernel.action import BATCHES
from gongzhi.kernel.actor import REPORTER, SYSTEM, Actor
from gongzhi.messages import actions as notices
from gongzhi.messages import queries
from gongzhi.messages.addresses import confirm_secret
from gongzhi.messages.models import Address, Notice

EMAIL = "li.xiaoming@example.com"


HEARD: dict[int, str] = {}


def hear() -> None:
    """Let the handlers take what has happened since, as the relay would after the commit.

    A test is one transaction; so what one action did to a case is given a name of its own here.
    """
    fresh = FactRecord.objects.exclude(pk__in=HEARD).order_by("pk")
    rows = list(fresh.values_list("pk", "action", "case_id"))
    for number, name, case in rows:
        HEARD[number] = f"{rows[0][0]}:{name}:{case}"
    deliver([number for number, _name, _case in rows])


def deliver(numbers: list[int]) -> None:
    """Hand facts to every handler of matters that takes their kind."""
    facts = [replace(fact, xid=HEARD[n]) for n in numbers if (fact := queries.fact_of(n))]
    assert len(facts) == len(numbers)
    for handler, kinds in subscriptions().values():
        wanted = [fact for fact in facts if fact.kind in kinds]
        if handler.__module__ == "gongzhi.matters.handlers" and wanted:
            for given in [wanted] if handler in BATCHES else wanted:
                handler(given)


def send() -> list[mail.EmailMessage]:
    """Let what happened be told and sent; return the e-mails that went, oldest first."""
    hear()
    before = len(mail.outbox)
    while notices.send_next(actor=SYSTEM):
        pass
    return list(mail.outbox[before:])


def confirm_addresses() -> None:
    """Confirm every address left so far, and let the e-mails of that go."""
    for one in Address.objects.filter(account=None, confirmed_at=None):
        notices.confirm_address(actor=REPORTER, address=one.pk, secret=confirm_secret(one.pk))
    while notices.send_next(actor=SYSTEM):
        pass


def told(actor: Actor) -> list[str]:
    """Return the templates of the actor's notices, oldest first."""
    hear()
    found = Notice.objects.filter(account=actor.account).order_by("pk")
    return list(found.values_list("template", flat=True))
