"""What a procedure is: frozen values read from one YAML file, without database or clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gongzhi.procedures.definition.around import Ask, Recuse

Unit = Literal["workdays", "days", "hours", "minutes"]
FieldType = Literal[
    "text",
    "long_text",
    "choice",
    "date",
    "datetime",
    "integer",
    "money",
    "area",
    "organisation",
    "organisations",
    "person",
    "files",
    "boolean",
    "rows",
]
OutcomeKind = Literal["solved", "partly", "explained", "declined", "excluded", "cancelled"]
MoveKind = Literal["forward", "back", "up", "down", "close", "verdict", "clock"]
ByCategory = Literal["", "always", "shorter"]
MovedBy = Literal["owner", "role", "reporter", "clock"]

EACH_ROW = "each_row"
EACH_ORGANISATION = "each_organisation"
"""The engine's own openers of sub-cases; rooms above register more."""

TRIGGERS = ("overdue", "refused", "unsolved", "repeated")
"""What 督办 may begin with by itself: an escalation, an objection ruled against, a reporter's

verdict that it is not solved, several reporters.
"""

UNITS: tuple[Unit, ...] = ("workdays", "days", "hours", "minutes")
FIELD_TYPES: tuple[FieldType, ...] = (
    "text",
    "long_text",
    "choice",
    "date",
    "datetime",
    "integer",
    "money",
    "area",
    "organisation",
    "organisations",
    "person",
    "files",
    "boolean",
    "rows",
)
OUTCOME_KINDS: tuple[OutcomeKind, ...] = (
    "solved",
    "partly",
    "explained",
    "declined",
    "excluded",
    "cancelled",
)
MOVE_KINDS: tuple[MoveKind, ...] = ("forward", "back", "up", "down", "close", "verdict", "clock")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time; `workdays` need the work calendar, the others the wall clock."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Due:
    """How long a stage may take, and the rule it rests on (shown beside the date).

    With `by`, the moment answered in that field, or the close of the day; the span for no answer.
    With `by_category`, the time and rule that the subject brought along (its category's), this
    one for none; `shorter` only where theirs ends before this.
    """

    amount: int
    unit: Unit
    basis: str = ""
    by: str = ""
    by_category: ByCategory = ""

    @property
    def span(self) -> Span:
        """The same length without its basis."""
        return Span(self.amount, self.unit)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a stage (or a ruling, an approval, an escalation).

    Exactly one of these shapes:
    - `role` + `level`: the nearest holder of the role, from the case's area at that level upwards;
      with `pool=True` nobody is assigned, any holder there may claim it;
    - `organisation_kind` (+ `role`): the organisation of that kind responsible for the area;
    - `organisation_from` (+ `role`, `assist_from`): the organisation named in that form field leads
      (主办); those named in field `assist_from` assist (协办), one part each;
    - `fan_out_from` (+ `role`): one equal part for each organisation in that form field;
    - `person_from`: the person named in that form field.
    """

    role: str | None = None
    level: str | None = None
    organisation_kind: str | None = None
    organisation_from: str | None = None
    person_from: str | None = None
    pool: bool = False
    assist_from: str | None = None
    fan_out_from: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A move the clock makes: `after` entering the stage, unless guard `unless` holds then."""

    after: Span
    move: str
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """How many of a stage's parts or sub-cases must be closed before it may be left."""

    mode: Literal["all", "any", "count"]
    count: int = 0


@dataclass(frozen=True, slots=True)
class Spawn:
    """The sub-cases that a stage opens when it is entered, by an opener of the closed list.

    `each_row` opens one case of `procedure` for every row of the field `of`, as last answered;
    `each_organisation` one for every organisation named in it, told what else was answered there
    under the names that its first move asks for.
    """

    opener: str
    of: str = ""
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class Lights:
    """`yellow` is a time before the due time, `red` one after it (0 means at once)."""

    yellow: Span | None = None
    red: Span | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is told and made responsible when a stage is `after` past its due time."""

    after: Span
    to: Owner


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clock: who approves it, how often a stage may be paused, how long at most."""

    approver: Owner
    max: int = 1
    longest: Span | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to a dispatch: who rules; upheld sends the case to stage `upheld`.

    After a ruling against it there is no second objection in the same round.
    """

    ruling: Owner
    upheld: str
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Reopen:
    """Who may open a closed case again, into which stages, within what time of its closing."""

    by: Owner
    to: tuple[str, ...]
    within: Span | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Who may cancel an open case, and the outcome that this gives."""

    by: Owner
    outcome: str


@dataclass(frozen=True, slots=True)
class Supervise:
    """督办: who supervises, how long the answer may take, and after how many times it begins.

    `on` names occasions of the closed list `TRIGGERS`; whoever supervises may also begin it.
    """

    by: Owner
    on: Mapping[str, int]
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a closed list."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form. `public` answers may be shown to the reporter and on public pages."""

    key: str
    label: str
    type: FieldType = "text"
    required: bool = False
    choices: tuple[Choice, ...] = ()
    public: bool = False
    hint: str = ""
    kinds: tuple[str, ...] = ()
    """Organisation kinds that may be chosen (`organisation`, `organisations`)."""
    maximum: int | None = None
    """Greatest length of a text, greatest value of a number, most rows."""
    columns: tuple[Field, ...] = ()
    """What every row says (`rows`)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A share that a form's numbers must reach: `part` of `whole`, e.g. 到会人数 of 应到人数."""

    part: str
    whole: str
    numerator: int
    denominator: int
    strict: bool = False
    """More than the share (过半数) instead of at least the share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A place where a case rests, and what makes it leave."""

    key: str
    name: str
    public_name: str
    internal: bool = False
    """Not shown to the reporter or on public pages."""
    owner: Owner | None = None
    due: Due | None = None
    clock: Clock | None = None
    join: Join | None = None
    spawn: Spawn | None = None
    reminders: tuple[Span, ...] = ()
    """Times before the due time."""
    lights: Lights | None = None
    escalation: Escalation | None = None
    pause: Pause | None = None
    objection: Objection | None = None
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def escalate_to(self) -> Owner | None:
        """Who takes over an overdue stage, if the procedure says so."""
        return self.escalation.to if self.escalation else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A way from one stage to another stage or to an outcome.

    `key` is unique among the moves that leave the same stage: `id:` of the file, else
    `to_<target>`. A move written with several `from` stages is one `Move` for each of them.
    """

    key: str
    name: str
    public_name: str
    source: str
    target: str
    kind: MoveKind = "forward"
    form: tuple[Field, ...] = ()
    guard: tuple[str, ...] = ()
    effect: tuple[str, ...] = ()
    evidence: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    moved_by: MovedBy = "owner"
    by: Owner | None = None
    """Who else may make it (`moved_by == "role"`)."""
    internal: bool = False
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A way in which a case can end."""

    key: str
    name: str
    kind: OutcomeKind
    public_name: str
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario: a move (by key or name, with its form data) or a wait."""

    move: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    wait: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A told example: walk, then every `refuse` must be impossible, then the case is at `ends`.

    `given` sets guards that the example needs to hold (or not to); such a scenario plays on the
    structure alone. Without `given`, guards are taken to allow and `unless` not to hold.
    """

    name: str
    start: str | None = None
    walk: tuple[Step, ...] = ()
    refuse: tuple[Step, ...] = ()
    ends: str | None = None
    given: Mapping[str, bool] = field(default_factory=dict)
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A whole procedure. `source` is its self-contained YAML (extensions and fields resolved)."""

    key: str
    name: str
    subject: str
    public_name: str
    public: tuple[str, ...]
    """What the public face shows of a case: stage, due, outcome, owner, timeline."""
    start: str
    stages: Mapping[str, Stage]
    moves: tuple[Move, ...]
    outcomes: Mapping[str, Outcome]
    fields: Mapping[str, Field]
    scenarios: tuple[Scenario, ...] = ()
    reopen: Reopen | None = None
    cancel: Cancel | None = None
    supervise: Supervise | None = None
    ask: Ask | None = None
    recuse: Recuse | None = None
    basis: str = ""
    digest: str = ""
    source: str = field(default="", compare=False)
    file: str = field(default="", compare=False)

    def moves_from(self, stage: str) -> tuple[Move, ...]:
        """Every move that leaves this stage, in the order of the file."""
        return tuple(move for move in self.moves if move.source == stage)

    def move(self, stage: str, reference: str) -> Move | None:
        """The move that leaves `stage` under this key, or else under this name."""
        leaving = self.moves_from(stage)
        for move in leaving:
            if move.key == reference:
                return move
        return next((move for move in leaving if move.name == reference), None)

    def is_outcome(self, key: str) -> bool:
        """Whether `key` names an outcome rather than a stage."""
        return key in self.outcomes

    def has_place(self, key: str) -> bool:
        """Whether `key` names a stage or an outcome."""
        return key in self.stages or key in self.outcomes
