"""Tallies, and the reader's own card of each case from which they are counted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Card(models.Model):
    """What the figures know of one case, read from facts alone; `last` is the newest of them."""

    case = models.BigIntegerField(primary_key=True)
    procedure = models.TextField(default="")
    subject_id = models.BigIntegerField(default=0)
    area = models.TextField(db_collation="C", default="")
    category = models.TextField(db_collation="C", default="")
    channel = models.TextField(default="")
    organisation = models.BigIntegerField(default=0)
    stage = models.TextField(default="")
    owners = ArrayField(models.TextField(), default=list)
    arrivals = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    is_open = models.BooleanField(default=False)
    outcome_kind = models.TextField(default="")
    late = models.BooleanField(default=False)
    answered = models.TextField(default="")
    responded = models.TextField(default="")
    solved = models.TextField(default="")
    satisfaction = models.TextField(default="")
    merged = models.BooleanField(default=False)
    minutes = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    responded_on = models.DateField(null=True)
    verdict_on = models.DateField(null=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["area", "opened_on"],
                include=["procedure", "due_at", "paused", "category", "organisation"],
                condition=Q(is_open=True),
                name="indicators_card_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)


class Month(models.Model):
    """How often a measure was met at an area in a month, whole or cut by `key`.

    `n` and `amount` hold 31 sums, each from the first of the month to the end of that day, so
    that any stretch of days is the difference of two of them. No `amount`: nothing was summed.
    """

    pk = models.CompositePrimaryKey("cut", "area", "measure", "month", "key")
    cut = models.CharField(max_length=1)
    area = models.TextField(db_collation="C")
    measure = models.TextField(db_collation="C")
    month = models.DateField()
    key = models.TextField(db_collation="C")
    n = ArrayField(models.BigIntegerField(), size=31)
    amount = ArrayField(models.BigIntegerField(), size=31, null=True)

    def __str__(self) -> str:
        return f"{self.measure} {self.area} {self.month} {self.key}"


class Tally(models.Model):
    """The months read day by day: what was counted on each; a view, days without count left out."""

    pk = models.CompositePrimaryKey("cut", "area", "measure", "day", "key")
    cut = models.CharField(max_length=1)
    area = models.TextField(db_collation="C")
    measure = models.TextField(db_collation="C")
    day = models.DateField()
    key = models.TextField(db_collation="C")
    n = models.BigIntegerField()
    amount = models.BigIntegerField(default=0)

    class Meta:
        managed = False
        db_table = "indicators_tally"

    def __str__(self) -> str:
        return f"{self.measure} {self.area} {self.day} {self.key}"


class BookRead(models.Model):
    """The digest of the measures under which the tallies were counted; one row."""

    id = models.SmallIntegerField(primary_key=True)
    digest = models.TextField()

    def __str__(self) -> str:
        return self.digest
