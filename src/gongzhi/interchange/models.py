"""Where events are sent, and the log of what was sent when and how it went."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from gongzhi.interchange.choices import (
    LONGEST_NAME,
    LONGEST_URL,
    DeliveryState,
    Fault,
    PausedBy,
)


class Endpoint(models.Model):
    """A program's address. `owner` is the account whose reach bounds what it is told.

    `area` is the place whose administrators look after it. The secret is sealed: it signs, so it
    must be opened again, and is shown to a person only once.
    """

    name = models.CharField(max_length=LONGEST_NAME)
    url = models.CharField(max_length=LONGEST_URL)
    events = ArrayField(models.CharField(max_length=40))
    owner = models.BigIntegerField()
    area = models.CharField(max_length=20, db_collation="C")
    secret_sealed = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.BigIntegerField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=8, choices=PausedBy, blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_by="")
                | Q(paused_at__isnull=False) & ~Q(paused_by=""),
                name="interchange_pause_whole",
            ),
        ]


class Delivery(models.Model):
    """One event on its way to one endpoint. `claim` names the sender that now has it.

    `next_at` is when it is due, or, while somebody sends it, when it is taken from him again.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=60, unique=True, db_collation="C")
    type = models.CharField(max_length=40)
    fact = models.BigIntegerField(null=True)
    case = models.BigIntegerField(null=True)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    ms = models.PositiveIntegerField(null=True)
    fault = models.CharField(max_length=10, choices=Fault, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["endpoint", "fact"],
                condition=Q(fact__isnull=False),
                name="interchange_delivery_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False)
                | Q(next_at=None) & ~Q(state="waiting"),
                name="interchange_waiting_has_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(state="waiting"),
                name="interchange_delivery_due",
            ),
            models.Index(fields=["endpoint", "-id"], name="interchange_delivery_log"),
            models.Index(fields=["made_at"], name="interchange_delivery_age"),
        ]
