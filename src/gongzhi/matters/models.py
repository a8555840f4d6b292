"""A matter, who reported it (sealed), its photos, and the table of categories."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gongzhi.matters.choices import Channel


class Category(models.Model):
    """One line of an edition of the three-level table of categories."""

    edition = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=60)
    organisation_kind = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["edition", "code"], name="matters_category_once"),
        ]


class Matter(models.Model):
    """What a resident said; its case carries it through the procedure."""

    case = models.OneToOneField("procedures.Case", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    words = models.TextField()
    category = models.CharField(max_length=12, db_collation="C", blank=True)
    edition = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=12, choices=Channel)
    anonymous = models.BooleanField(default=True)
    place_text = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    located = models.BooleanField(default=False)
    secret_hash = models.BinaryField(max_length=32)
    submit_hash = models.BinaryField(max_length=32, null=True, unique=True)
    entered_by = models.BigIntegerField(null=True)
    reported_at = models.DateTimeField()
    satisfaction = models.CharField(max_length=20, blank=True)
    solved = models.BooleanField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="matters_point_on_earth",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["category"], name="matters_by_category"),
            models.Index(
                fields=["entered_by"], condition=Q(entered_by__isnull=False),
                name="matters_by_enterer",
            ),
        ]


class Reporter(models.Model):
    """How to reach who reported: sealed, opened only with a recorded reason, erased by rule."""

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="reporter")
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    phone_index = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["phone_index"], condition=Q(phone_index__isnull=False),
                name="matters_by_phone",
            ),
        ]


class ReporterReveal(models.Model):
    """That somebody looked at a reporter's name and number, and why."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="reveals")
    account = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()


class Photo(models.Model):
    """A picture, drawn anew without anything the camera had written into it."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="photos")
    digest = models.CharField(max_length=64, db_collation="C")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    by_reporter = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["matter", "digest"], name="matters_photo_once"),
        ]
