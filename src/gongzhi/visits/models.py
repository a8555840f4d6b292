"""Visits and the needs heard on them. No name, no position, no time of day is kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class Visit(models.Model):
    """One visit to a household or an organisation: where, on which day, what was heard.

    Without `keep_until` the words are gone, their time is over.
    """

    area = models.CharField(max_length=20, db_collation="C")
    place_text = models.CharField(max_length=120, blank=True)
    visited_on = models.DateField()
    purpose = models.CharField(max_length=40, db_collation="C")
    heard = models.TextField(blank=True)
    submit_hash = models.BinaryField(null=True, unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    keep_until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="visits_by_area"),
            models.Index(
                fields=["keep_until"],
                condition=Q(keep_until__isnull=False),
                name="visits_visit_expiry",
            ),
        ]


class Need(models.Model):
    """What somebody needs, what was promised and by when, and what came of it.

    A need becomes at most one matter: `taken_at` is set once, in the transaction that reports the
    matter; `case` is noted when the fact of the report is read.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="needs")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    promise = models.CharField(max_length=200, blank=True)
    promised_for = models.DateField(null=True)
    result = models.TextField(blank=True)
    result_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    case = models.OneToOneField(
        "procedures.Case", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["visit", "number"], name="visits_need_once"),
            models.CheckConstraint(
                condition=Q(case=None) | Q(taken_at__isnull=False), name="visits_case_of_taken"
            ),
            models.CheckConstraint(
                condition=Q(result_at__isnull=False) | Q(result=""),
                name="visits_result_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Needs that wait for a result are few beside those of all years.
            models.Index(
                fields=["visit"],
                condition=Q(result_at__isnull=True, taken_at__isnull=True),
                name="visits_need_open",
            ),
        ]
