"""Matters, who reported them (sealed), their photos, and the versions of the category table.

A matter is what a case is about: stage, owner, due time and outcome live in the case alone.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongzhi.matters.choices import Channel, Origin, Satisfaction, Solved
from gongzhi.people.choices import REVEAL_REASONS


class CategoryTable(models.Model):
    """One version of the category table; matters remember under which one they were filed."""

    number = models.IntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=120)
    loaded_at = models.DateTimeField()


class Category(models.Model):
    """A category of one version: three levels, each below its parent's code."""

    table = models.ForeignKey(CategoryTable, on_delete=models.PROTECT, related_name="categories")
    code = models.CharField(max_length=40, db_collation="C")
    parent = models.CharField(max_length=40, db_collation="C", blank=True)
    level = models.SmallIntegerField()
    position = models.SmallIntegerField()
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    organisation_kind = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    hint = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["table", "code"], name="matters_category_once"),
            models.CheckConstraint(
                condition=Q(level=1, parent="") | Q(level__in=[2, 3]) & ~Q(parent=""),
                name="matters_category_level",
            ),
        ]


class Matter(models.Model):
    """What a resident reported, in the reporter's own words, and where.

    `lon` and `lat` are WGS84 degrees. Of the link's secret only the digest is kept. The
    verdict is the newest one; each one's words stay in the case's entries.
    """

    case = models.OneToOneField("procedures.Case", on_delete=models.PROTECT, related_name="matter")
    title = models.CharField(max_length=60)
    words = models.TextField()
    category = models.CharField(max_length=40, db_collation="C", blank=True)
    category_table = models.IntegerField(null=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    anonymous = models.BooleanField(default=False)
    place_text = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    secret_hash = models.BinaryField()
    submit_hash = models.BinaryField(null=True, unique=True)
    reported_at = models.DateTimeField()
    reported_by = models.BigIntegerField(null=True)
    solved = models.CharField(max_length=10, choices=Solved.choices, blank=True)
    satisfaction = models.CharField(max_length=20, choices=Satisfaction.choices, blank=True)
    verdict_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(lon=None, lat=None)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="matters_point_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(verdict_at=None, solved="", satisfaction="")
                | Q(verdict_at__isnull=False) & ~Q(solved=""),
                name="matters_verdict_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["category", "-case"], name="matters_by_category"),
            models.Index(
                fields=["reported_by", "-id"],
                condition=Q(reported_by__isnull=False),
                name="matters_by_reporter",
            ),
            GinIndex(
                OpClass("words", name="gin_trgm_ops"),
                OpClass("title", name="gin_trgm_ops"),
                OpClass("place_text", name="gin_trgm_ops"),
                name="matters_words",
            ),
        ]


class Reporter(models.Model):
    """Who reported a matter: sealed, found again by phone only, erased when its time is over."""

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="reporter")
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    tail_index = models.BinaryField(null=True)
    stored_at = models.DateTimeField()
    keep_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(name_sealed__isnull=False) | Q(phone_sealed__isnull=False),
                name="matters_reporter_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(tail_index=None) | Q(phone_sealed__isnull=False),
                name="matters_tail_of_a_phone",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["phone_index"],
                condition=Q(phone_index__isnull=False),
                name="matters_by_phone",
            ),
            models.Index(
                fields=["keep_until"],
                condition=Q(keep_until__isnull=False),
                name="matters_reporter_expiry",
            ),
        ]


class Photo(models.Model):
    """A photo as kept: drawn anew without anything the camera wrote, named by its content."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="photos")
    digest = models.CharField(max_length=64, db_collation="C")
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    stage = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["matter", "digest"], name="matters_photo_once"),
        ]


class ReporterReveal(models.Model):
    """One look at who reported a matter: by whom and why."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="reveals")
    by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=20, choices=REVEAL_REASONS)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
