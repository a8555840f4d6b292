"""Disputes with their parties, mediations, agreements and reviews; consultations: words sealed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gongzhi.mediation.choices import Kept
from gongzhi.people.choices import REVEAL_REASONS


class Dispute(models.Model):
    """A dispute between parties; its course is the case. What it is about is sealed."""

    case = models.OneToOneField("procedures.Case", on_delete=models.PROTECT, related_name="dispute")
    kind = models.CharField(max_length=40, db_collation="C")
    about_sealed = models.BinaryField(null=True)
    submit_hash = models.BinaryField(null=True, unique=True)
    registered_at = models.DateTimeField()
    registered_by = models.BigIntegerField(null=True)
    keep_until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["keep_until"],
                condition=Q(keep_until__isnull=False),
                name="mediation_dispute_expiry",
            ),
        ]


class Party(models.Model):
    """One side of a dispute, in the order told; nobody can be looked for by name or phone."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="parties")
    number = models.PositiveSmallIntegerField()
    name_sealed = models.BinaryField()
    phone_sealed = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["dispute", "number"], name="mediation_party_once"),
        ]


class Mediation(models.Model):
    """One time that the parties were brought together: when, who led it, what was said.

    `visit` is the stay of the case in which it was written down.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="mediations")
    visit = models.PositiveIntegerField()
    held_on = models.DateField()
    led_sealed = models.BinaryField(null=True)
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)


class Agreement(models.Model):
    """What the parties agreed on, and by when it is to be kept."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="agreements")
    visit = models.PositiveIntegerField()
    words_sealed = models.BinaryField(null=True)
    agreed_on = models.DateField()
    due_on = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=models.F("agreed_on")),
                name="mediation_due_after_agreement",
            ),
        ]


class Review(models.Model):
    """A look, some time later, at whether the agreement was kept."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="reviews")
    visit = models.PositiveIntegerField()
    held_on = models.DateField()
    result = models.CharField(max_length=10, choices=Kept.choices)
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)


class Consultation(models.Model):
    """Somebody is counselled: who and why are sealed, and told to counsellors alone."""

    case = models.OneToOneField(
        "procedures.Case", on_delete=models.PROTECT, related_name="consultation"
    )
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    about_sealed = models.BinaryField(null=True)
    submit_hash = models.BinaryField(null=True, unique=True)
    registered_at = models.DateTimeField()
    registered_by = models.BigIntegerField(null=True)
    keep_until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["keep_until"],
                condition=Q(keep_until__isnull=False),
                name="mediation_consultation_expiry",
            ),
        ]


class Talk(models.Model):
    """One talk with the person counselled."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="talks")
    visit = models.PositiveIntegerField()
    held_on = models.DateField()
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)


class Reveal(models.Model):
    """One look at names and phones: by whom and why."""

    dispute = models.ForeignKey(
        Dispute, null=True, on_delete=models.PROTECT, related_name="reveals"
    )
    consultation = models.ForeignKey(
        Consultation, null=True, on_delete=models.PROTECT, related_name="reveals"
    )
    by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=20, choices=REVEAL_REASONS)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(dispute=None, consultation__isnull=False)
                | Q(dispute__isnull=False, consultation=None),
                name="mediation_reveal_of_one",
            ),
        ]
