"""Published versions, cases, the items people hold of them, and what was written on the way.

What must hold whatever the code does is a constraint or a trigger (migration 0002): a published
version never changes; an open case has an open item or a clock, a closed one has neither.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from gongzhi.kernel.codes import LENGTHS
from gongzhi.procedures.choices import Part, Status, Trigger


class InCommunity(models.Func):
    """The community that an area lies in, or the area itself where it is wider."""

    template = f"left(%(expressions)s, {LENGTHS['community']})"
    arity = 1
    output_field = models.CharField(db_collation="C")


class ProcedureVersion(models.Model):
    """One published, immutable text of a procedure; `scope` is the area prefix it is for."""

    procedure = models.CharField(max_length=60)
    scope = models.CharField(max_length=20, db_collation="C", blank=True)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    source = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["procedure", "scope", "number"], name="procedures_version_number"
            ),
        ]


class Case(models.Model):
    """One run of a procedure. `visit` counts the stages entered, `revision` every change.

    A sub-case names its parent, and the parent's visit that opened it and waits for it. `own_due`
    is the time that its subject brought along, for the stages whose file asks for it.
    """

    reference = models.CharField(max_length=30, unique=True)
    # Indexes of its own name what is looked up; a second one for the key would only cost.
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, db_index=False)
    procedure = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=120, blank=True)
    area = models.CharField(max_length=20, db_collation="C")
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False
    )
    parent_visit = models.PositiveIntegerField(default=0, db_default=0)
    stage = models.CharField(max_length=60)
    visit = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    outcome = models.CharField(max_length=60, blank=True)
    outcome_kind = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_basis = models.CharField(max_length=200, blank=True)
    due_note = models.CharField(max_length=200, blank=True)
    own_due = models.CharField(max_length=20, blank=True, default="", db_default="")
    own_due_basis = models.CharField(max_length=200, blank=True, default="", db_default="")
    yellow_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    clock_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    woken_to = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    resume_at = models.DateTimeField(null=True)
    pauses = models.PositiveSmallIntegerField(default=0)
    objected = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False, db_default=False)
    recused = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True, outcome="")
                | (Q(status="closed", closed_at__isnull=False) & ~Q(outcome="")),
                name="procedures_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(status="open")
                | Q(clock_at__isnull=True, wake_at__isnull=True, paused_at__isnull=True),
                name="procedures_closed_has_no_clock",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, resume_at__isnull=True)
                | Q(paused_at__isnull=False, resume_at__gte=F("paused_at")),
                name="procedures_pause_has_end",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="procedures_case_area"),
            # The newest of one community are met one after another, in no need of an order.
            models.Index(InCommunity("area"), F("id").desc(), name="procedures_case_community"),
            models.Index(
                fields=["area", "due_at", "id"],
                condition=Q(status="open"),
                name="procedures_case_open",
            ),
            # A wide scope's list is read in its order; a narrow one's by the index above.
            models.Index(
                fields=["due_at", "id"], condition=Q(status="open"), name="procedures_case_due"
            ),
            models.Index(
                fields=["wake_at"], condition=Q(wake_at__isnull=False), name="procedures_case_wake"
            ),
            models.Index(fields=["subject", "subject_id"], name="procedures_case_subject"),
            models.Index(
                fields=["parent"], condition=Q(parent__isnull=False), name="procedures_case_parent"
            ),
            models.Index(fields=["-closed_at"], name="procedures_case_closed"),
        ]


class WorkItem(models.Model):
    """Somebody's open part of a case. `owner` is `role@area`, `org:id` or `acc:id`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="items", db_index=False)
    stage = models.CharField(max_length=60)
    visit = models.PositiveIntegerField()
    part = models.CharField(max_length=12, choices=Part)
    owner = models.CharField(max_length=80, db_collation="C")
    pool = models.BooleanField(default=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case", "visit", "part", "owner"],
                condition=Q(done_at__isnull=True),
                name="procedures_item_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=Q(done_at__isnull=True),
                name="procedures_item_open",
            ),
            models.Index(
                fields=["claimed_by", "due_at", "id"],
                condition=Q(done_at__isnull=True),
                name="procedures_item_claimed",
            ),
            models.Index(fields=["case"], name="procedures_item_case"),
        ]


class CaseParty(models.Model):
    """An organisation that has or had a part in a case, and may therefore see it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    organisation = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["organisation", "case"], name="procedures_party_once"),
        ]


class Entry(models.Model):
    """What was written with a move: corrected or erased here, while the log stays whole."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries", db_index=False)
    stage = models.CharField(max_length=60)
    visit = models.PositiveIntegerField()
    move = models.CharField(max_length=60)
    data = models.JSONField()
    account = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case"], name="procedures_entry_case"),
        ]


class Evidence(models.Model):
    """A piece of evidence put to one stay in a stage."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="evidence", db_index=False
    )
    visit = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case", "visit", "kind", "reference"], name="procedures_evidence_once"
            ),
        ]


class Pause(models.Model):
    """A stop of the clock that was asked for, and what was ruled."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="asked_pauses")
    visit = models.PositiveIntegerField()
    workdays = models.PositiveSmallIntegerField()
    reason = models.TextField()
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    approved = models.BooleanField(null=True)
    ruled_by = models.BigIntegerField(null=True)
    ruled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(approved__isnull=True),
                name="procedures_pause_open_once",
            ),
        ]


class Objection(models.Model):
    """A dispatched organisation's word that the case is not theirs, and the ruling."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="objections", db_index=False
    )
    visit = models.PositiveIntegerField()
    owner = models.CharField(max_length=80)
    reason = models.TextField()
    raised_by = models.BigIntegerField(null=True)
    raised_at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    ruling = models.TextField(blank=True)
    ruled_by = models.BigIntegerField(null=True)
    ruled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case", "visit", "owner"], name="procedures_objection_once"
            ),
        ]


class Supervision(models.Model):
    """One time that a case was put under 督办; its words stand in the case's entries."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supervisions")
    trigger = models.CharField(max_length=20, choices=Trigger)
    opened_by = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(closed_at__isnull=True),
                name="procedures_supervised_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["opened_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="procedures_supervision_open",
            ),
        ]


class Question(models.Model):
    """What the reporter or somebody outside is asked through a link, and the answer.

    The link is made of `key` with this installation's own secret: of the link itself only a digest
    is kept. `named` is who is asked when it is not the reporter.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=32, unique=True)
    secret_hash = models.BinaryField(unique=True)
    to_reporter = models.BooleanField()
    named = models.CharField(max_length=120, blank=True)
    words = models.TextField()
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | Q(answered_at__isnull=False, withdrawn_at__isnull=True) & ~Q(answer=""),
                name="procedures_question_one_end",
            ),
            models.CheckConstraint(
                condition=Q(to_reporter=True, named="") | Q(to_reporter=False) & ~Q(named=""),
                name="procedures_question_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="procedures_question_has_time"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case"], name="procedures_question_case"),
        ]


class Recusal(models.Model):
    """Somebody who has nothing to do with a case any more (回避): by own word, or by order.

    `reason` is a key of the list of `version`'s procedure, of the case's own where there is none.
    The case keeps the accounts beside, so that every update can ask for them; `inherited` is the
    recusal of the case above that this one follows. One taken back stays on record: what may
    change of a row, and that the accounts agree, the database sees to (migration 0011).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recusals")
    account = models.BigIntegerField()
    reason = models.CharField(max_length=60)
    version = models.ForeignKey(
        ProcedureVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    words_sealed = models.BinaryField(null=True)
    ordered_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    inherited = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="passed_on", db_index=False
    )
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.BigIntegerField(null=True)
    taken_back_sealed = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "case"],
                condition=Q(taken_back_at__isnull=True),
                name="procedures_recused_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=False)
                | Q(taken_back_by__isnull=True, taken_back_sealed__isnull=True),
                name="procedures_taken_back_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case"], name="procedures_recusal_case"),
            models.Index(
                fields=["inherited"],
                condition=Q(inherited__isnull=False),
                name="procedures_recusal_passed_on",
            ),
        ]
