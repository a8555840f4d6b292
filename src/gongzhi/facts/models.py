"""Rows of the log, the readers' places in it, letters that could not be delivered, kept answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class FactRecord(models.Model):
    """One thing that happened; the table is partitioned by month and made by a migration."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.TextField()
    area = models.TextField()
    case_id = models.BigIntegerField(null=True)
    actor_kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    request_id = models.TextField()
    action = models.TextField()
    data = models.JSONField()

    class Meta:
        managed = False
        db_table = "fact"
        app_label = "facts"

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Reader(models.Model):
    """How far one handler has read the log: transaction id first, then fact id."""

    name = models.TextField(primary_key=True)
    xid = models.TextField(default="0")
    fact = models.BigIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fact_reader"

    def __str__(self) -> str:
        return self.name


class DeadLetter(models.Model):
    """A fact that a handler could not take after all its tries; a person looks at it."""

    reader = models.TextField()
    fact = models.BigIntegerField()
    kind = models.TextField()
    error = models.TextField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fact_dead_letter"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reader", "fact"], name="dead_letter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reader} {self.fact}"


class KeptAnswer(models.Model):
    """The first answer given to an idempotency key of one actor."""

    owner = models.TextField()
    key = models.TextField()
    digest = models.BinaryField()
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "kept_answer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "key"], name="kept_answer_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="kept_answer_at")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"
