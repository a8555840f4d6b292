"""Every write to the log and around it: append, relay to handlers, partitions, kept answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson
import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from gongzhi.facts import queries
from gongzhi.facts.choices import BATCH, KEY_DAYS, RETRY_SECONDS, TRIES
from gongzhi.facts.errors import BadKey, KeyReused
from gongzhi.facts.models import DeadLetter, KeptAnswer, Reader
from gongzhi.facts.queries import Place
from gongzhi.kernel import clock
from gongzhi.kernel.action import BATCHES, HANDLERS, Emitted, action, running
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.request import bind_request_id
from gongzhi.kernel.sql import row, statement

log = structlog.get_logger(__name__)
_known_months: set[tuple[int, int]] = set()


def append(emitted: Sequence[Emitted]) -> None:
    """Write the facts of one action in one statement; called by the kernel before the commit."""
    for item in emitted:
        _need_month(clock.local(item.at).date())
    columns: dict[str, list[Any]] = {
        "at": [item.at for item in emitted],
        "kind": [item.fact.kind for item in emitted],
        "area": [item.area for item in emitted],
        "case_id": [item.case for item in emitted],
        "actor_kind": [item.actor.kind for item in emitted],
        "actor_id": [_person(item.actor) for item in emitted],
        "post_id": [_post(item) for item in emitted],
        "request_id": [item.request_id for item in emitted],
        "action": [item.action for item in emitted],
        "data": [orjson.dumps(item.fact.data()).decode() for item in emitted],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("facts", "append"), columns)


def _person(actor: Actor) -> int | None:
    return actor.account if actor.kind == "person" else None


def _post(item: Emitted) -> int | None:
    """Return the narrowest post under which the actor reaches the place of the fact."""
    reaching = [p for p in item.actor.posts if p.area and item.area.startswith(p.area)]
    if reaching:
        return max(reaching, key=lambda post: len(post.area or "")).id
    return item.actor.posts[0].id if item.actor.posts else None


def _need_month(day: date) -> None:
    """Make the month's partition when this process has not seen it: no fact waits for a job."""
    month = (day.year, day.month)
    if month in _known_months:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT fact_make_month(%s)", [day.replace(day=1)])
    # Known only once it stands: a rollback takes the new partition with it.
    transaction.on_commit(lambda: _known_months.add(month))


@action
def make_months(*, actor: Actor, first: date, last: date) -> int:
    """Make the partitions from *first*'s month to *last*'s; return how many were new."""
    made = 0
    month = first.replace(day=1)
    while month <= last:
        with connection.cursor() as cursor:
            cursor.execute("SELECT fact_make_month(%s)", [month])
            found = cursor.fetchone()
        made += int(bool(found and found[0]))
        month = (month + timedelta(days=32)).replace(day=1)
    return made


def handler_name(handler: Callable[[Any], None]) -> str:
    """Return the lasting name under which a handler's place is kept."""
    return f"{handler.__module__}.{handler.__qualname__}".removeprefix("gongzhi.")


def subscriptions() -> dict[str, tuple[Callable[[Any], None], frozenset[str]]]:
    """Return every handler by its name, with the kinds of fact it takes."""
    found: dict[str, tuple[Callable[[Any], None], frozenset[str]]] = {}
    for kind, handlers in HANDLERS.items():
        for handler in handlers:
            name = handler_name(handler)
            kinds = found[name][1] if name in found else frozenset()
            found[name] = (handler, kinds | {kind})
    return found


@action
def hold_reader(*, actor: Actor, name: str) -> None:
    """Keep a reader where it stands until the action ends.

    Whoever lets a handler take a fact beside the relay calls this first: what a handler makes of
    the log is then changed by one at a time.
    """
    Reader.objects.select_for_update().filter(name=name).first()


@action
def start_again(*, actor: Actor, name: str) -> bool:
    """Send a reader back to the beginning of the log; it is held until the action ends.

    Whoever calls this clears, in the same action, what the reader has made of the log so far.
    """
    held = Reader.objects.select_for_update().filter(name=name).first()
    if held is None:
        return False
    Reader.objects.filter(name=name).update(xid="0", fact=0, tries=0, retry_at=None)
    # What was given up is read again with the rest: handed over by a person too, it counts twice.
    DeadLetter.objects.filter(reader=name).delete()
    return True


@action
def enrol_readers(*, actor: Actor) -> None:
    """Give every handler a place at the beginning of the log, once."""
    Reader.objects.bulk_create(
        [Reader(name=name) for name in subscriptions()], ignore_conflicts=True
    )


def relay(*, limit: int = BATCH) -> int:
    """Let every handler read on by at most *limit* facts; return how many were delivered.

    Any number of workers may call this at once: a reader is held by one at a time.
    """
    known = subscriptions()
    places = queries.places()
    if set(known) - set(places):
        enrol_readers(actor=SYSTEM)
        places = queries.places()
    end = queries.settled()
    behind = [name for name in sorted(known) if places[name] != end]
    return sum(_read_on(actor=SYSTEM, name=name, end=end, limit=limit) for name in behind)


@action
def _read_on(*, actor: Actor, name: str, end: Place, limit: int) -> int:
    """Hold one reader, deliver what is new, and keep its place: all in one transaction."""
    held = row("facts", "take_reader", {"name": name, "now": clock.now()})
    if held is None:
        return 0
    handler, kinds = subscriptions()[name]
    size = max(limit, BATCHES.get(handler, 0))
    after = Place(held["xid"], held["fact"])
    facts = queries.unread(after, end, kinds=kinds, limit=size)
    if len(facts) == size:
        end = _place(facts[-1])
    if handler in BATCHES:
        return _read_many(name, facts, end, held["tries"])
    return _read_each(name, facts, end, held["tries"])


def _place(fact: queries.FactRow) -> Place:
    return Place(fact.xid, fact.id)


def _read_each(name: str, facts: list[queries.FactRow], end: Place, tries: int) -> int:
    """Deliver facts one by one, up to the first that cannot be taken."""
    handler = subscriptions()[name][0]
    for number, fact in enumerate(facts):
        failure = _deliver(handler, fact)
        if failure and tries + 1 < TRIES:
            before = _place(facts[number - 1]) if number else None
            _keep_place(name, before, tries=tries + 1)
            return number
        if failure:
            _give_up(name, fact, failure)
        tries = 0
    _keep_place(name, end, tries=0)
    return len(facts)


def _read_many(name: str, facts: list[queries.FactRow], end: Place, tries: int) -> int:
    """Deliver what is new in one call; after the last try one by one, to find what cannot be taken.

    A batch that fails leaves nothing behind but the try, so that no fact of it counts twice.
    """
    handler = subscriptions()[name][0]
    failure = _call(handler, facts, facts[0]) if facts else ""
    if failure and tries + 1 < TRIES:
        _keep_place(name, None, tries=tries + 1)
        return 0
    for fact in facts if failure else ():
        if alone := _call(handler, [fact], fact):
            _give_up(name, fact, alone)
    _keep_place(name, end, tries=0)
    return len(facts)


def _deliver(handler: Callable[[Any], None], fact: queries.FactRow) -> str:
    """Call one handler under a savepoint; return what went wrong, or an empty text."""
    return _call(handler, fact, fact)


def _call(handler: Callable[[Any], None], given: Any, fact: queries.FactRow) -> str:
    run = running()
    emitted = run.emitted if run else []
    before = len(emitted)
    token = bind_request_id(fact.request_id)
    try:
        with transaction.atomic():
            handler(given)
    except Exception as error:
        # A handler is foreign to the log: whatever it raises is kept, retried and shown.
        log.exception("handler_failed", handler=handler_name(handler), fact=fact.id)
        del emitted[before:]
        return f"{type(error).__name__}: {error}"[:2000]
    finally:
        token.var.reset(token)
    return ""


def _keep_place(name: str, place: Place | None, *, tries: int) -> None:
    wait = RETRY_SECONDS[min(tries, len(RETRY_SECONDS)) - 1] if tries else 0
    changes: dict[str, Any] = {
        "tries": tries,
        "retry_at": clock.now() + timedelta(seconds=wait) if tries else None,
    }
    if place is not None:
        changes |= {"xid": place.xid, "fact": place.fact}
    Reader.objects.filter(name=name).update(**changes)


def _give_up(name: str, fact: queries.FactRow, failure: str) -> None:
    DeadLetter.objects.bulk_create(
        [DeadLetter(reader=name, fact=fact.id, kind=fact.kind, error=failure, at=clock.now())],
        ignore_conflicts=True,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer that can be kept and given again."""

    status: int
    body: bytes
    replayed: bool = False


def answer_once(*, actor: Actor, key: str, digest: bytes, call: Callable[[], Answer]) -> Answer:
    """Run *call* once per actor and key; the same key gets the first answer again.

    Only answers below 400 are kept, in the same transaction as what they report. Raises `BadKey`
    for an unusable key and `KeyReused` when the key came with another content before.
    """
    if not 0 < len(key) <= 200:
        raise BadKey(field="Idempotency-Key", mend=_("请用 1 到 200 个字符的编号"))
    owner = f"{actor.kind}:{actor.account or ''}"
    kept = _kept(owner, key, digest)
    if kept is not None:
        return kept
    try:
        return _answer_and_keep(actor=actor, owner=owner, key=key, digest=digest, call=call)
    except Exception:
        # Two requests with one key ran at once: the loser, rolled back by the key's constraint or
        # refused because of what the winner had done, repeats the winner.
        kept = _kept(owner, key, digest)
        if kept is None:
            raise
        return kept


@action
def _answer_and_keep(
    *, actor: Actor, owner: str, key: str, digest: bytes, call: Callable[[], Answer]
) -> Answer:
    answer = call()
    if answer.status < 400:
        KeptAnswer.objects.bulk_create(
            [
                KeptAnswer(
                    owner=owner,
                    key=key,
                    digest=digest,
                    status=answer.status,
                    body=answer.body,
                    at=clock.now(),
                )
            ]
        )
    return answer


def _kept(owner: str, key: str, digest: bytes) -> Answer | None:
    found = KeptAnswer.objects.filter(owner=owner, key=key).first()
    if found is None:
        return None
    if bytes(found.digest) != digest:
        raise KeyReused(field="Idempotency-Key", mend=_("新的内容请用新的编号"))
    return Answer(found.status, bytes(found.body), replayed=True)


def content_digest(*parts: bytes) -> bytes:
    """Return the digest by which the content behind a key is recognised."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.digest()


@action
def forget_answers(*, actor: Actor) -> int:
    """Delete kept answers older than their term; return how many."""
    before = clock.now() - timedelta(days=KEY_DAYS)
    return KeptAnswer.objects.filter(at__lt=before).delete()[0]


@action
def settle_dead_letter(*, actor: Actor, letter: int) -> bool:
    """Mark a letter as looked after; return False when somebody already did."""
    return bool(
        DeadLetter.objects.filter(pk=letter, settled_at=None).update(settled_at=clock.now())
    )
