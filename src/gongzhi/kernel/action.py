"""The one place where a transaction starts and where facts are recorded.

An `@action` opens the only transaction; nested actions join it. Facts emitted on the way are
written together, just before the commit, by the writer that the facts app installs.
"""

from __future__ import annotations

import contextvars
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar

from django.db import connection, transaction

from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.held import note_change
from gongzhi.kernel.request import request_id

P = ParamSpec("P")
R = TypeVar("R")

_PLAIN = (str, int, bool, type(None))


@dataclass(frozen=True, slots=True)
class Fact:
    """Base of every kind of fact: past tense, ids, codes, amounts and states only."""

    kind: ClassVar[str] = ""

    def data(self) -> dict[str, Any]:
        """Return the fact's own fields as plain JSON values."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


def _plain(value: Any) -> Any:
    """Return *value* as JSON can hold it; refuse what a fact must not carry."""
    if isinstance(value, _PLAIN):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    raise TypeError(f"a fact cannot hold {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class Emitted:
    """A fact on its way into the log, with the circumstances of its action."""

    fact: Fact
    area: str
    case: int | None
    at: datetime
    action: str
    actor: Actor
    request_id: str


@dataclass(slots=True)
class Run:
    """What is known about the action now running."""

    name: str
    actor: Actor
    emitted: list[Emitted] = field(default_factory=list)


class FactWriter(Protocol):
    """Writes the facts of one action in one statement."""

    def __call__(self, emitted: Sequence[Emitted]) -> None: ...


_running: contextvars.ContextVar[Run | None] = contextvars.ContextVar("run", default=None)
_writer: list[FactWriter] = []
Batch = Callable[[Any], None]
HANDLERS: dict[str, list[Callable[[Any], None]]] = {}
BATCHES: dict[Batch, int] = {}


def running() -> Run | None:
    """Return the current action, or None outside any action."""
    return _running.get()


def install_writer(writer: FactWriter) -> None:
    """Let *writer* record facts; called once by the facts app when it is ready."""
    _writer[:] = [writer]


def emit(fact: Fact, *, area: str, case: int | None = None) -> None:
    """Record *fact* at *area* when the running action commits.

    Raises RuntimeError outside an action: nothing happens without one.
    """
    run = _running.get()
    if run is None:
        raise RuntimeError(f"{type(fact).__name__} emitted outside an action")
    run.emitted.append(Emitted(fact, area, case, clock.now(), run.name, run.actor, request_id()))
    note_change(fact.kind)


def action(func: Callable[P, R]) -> Callable[P, R]:
    """Make *func* the outermost, durable unit of work; nested actions join it."""
    name = f"{func.__module__}.{func.__qualname__}".removeprefix("gongzhi.")

    @functools.wraps(func)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = kwargs.get("actor", SYSTEM)
        if not isinstance(actor, Actor):
            raise TypeError(f"{name} needs actor=Actor, got {type(actor).__name__}")
        outer = _running.get()
        if outer is not None:
            return func(*args, **kwargs)
        current = Run(name, actor)
        token = _running.set(current)
        try:
            with transaction.atomic(durable=True):
                result = func(*args, **kwargs)
                if current.emitted:
                    _writer[0](current.emitted)
                return result
        finally:
            _running.reset(token)

    run.is_action = True  # type: ignore[attr-defined]  # read by the architecture tests
    return run


def handles(*kinds: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Register a handler for kinds of fact: run after commit, at least once, in its own action."""

    def register(func: Callable[[Any], None]) -> Callable[[Any], None]:
        for kind in kinds:
            HANDLERS.setdefault(kind, []).append(func)
        return func

    return register


def handles_many(*kinds: str, most: int = 5000) -> Callable[[Batch], Batch]:
    """Register a handler that takes a list of facts in one go, up to *most* facts of the log.

    What it writes and its place in the log stand in one transaction: each fact counts exactly once.
    """

    def register(func: Batch) -> Batch:
        BATCHES[func] = most
        return handles(*kinds)(func)

    return register


_WRITE = re.compile(
    r"^\s*(?:WITH\b.*?\b)?(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|COPY)\s+\"?(\w+)",
    re.IGNORECASE | re.DOTALL,
)
_THIRD_PARTY = ("django_", "account_", "mfa_", "procrastinate_", "auth_")


def write_guard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Database wrapper for tests: a row of ours may change only inside an action."""
    found = _WRITE.match(str(sql))
    if found and running() is None and not found[1].startswith(_THIRD_PARTY):
        raise RuntimeError(f"write outside an action: {str(sql)[:80]}")
    return execute(sql, params, many, context)


def in_transaction() -> bool:
    """Whether a transaction is open on the default connection."""
    return connection.in_atomic_block
