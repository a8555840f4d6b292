"""Matters, who reported them (sealed), their photos, and the versions of the category table.

A matter is what a case is about: stage, owner, due time and outcome live in the case alone.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gongzhi.matters.choices import (
    Channel,
    Origin,
    RowState,
    Satisfaction,
    SheetStatus,
    Solved,
)
from gongzhi.people.choices import REVEAL_REASONS


class Pairs(models.Func):
    """Every two neighbouring letters of texts, as `sql/pairs.sql` takes them apart."""

    function = "matters_pairs"
    output_field = ArrayField(models.TextField())


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
    due = models.CharField(max_length=20, blank=True, default="", db_default="")
    due_basis = models.CharField(max_length=200, blank=True, default="", db_default="")

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
    verdict is the newest one; each one's words stay in the case's entries. `main` is the matter
    that this one repeats: its case goes on for both, and `merged_from` is the stage this one was
    taken out of. `whole` is the matter this one was split off.
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
    main = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates", db_index=False
    )
    merged_from = models.CharField(max_length=60, blank=True, default="", db_default="")
    whole = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="parts", db_index=False
    )
    solved = models.CharField(max_length=10, choices=Solved.choices, blank=True)
    accused = models.BigIntegerField(null=True)
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
            models.CheckConstraint(
                condition=Q(main=None, merged_from="") | Q(main__isnull=False) & ~Q(merged_from=""),
                name="matters_merged_whole",
            ),
            models.CheckConstraint(condition=~Q(main=F("id")), name="matters_not_its_own_main"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["category", "-case"], name="matters_by_category"),
            models.Index(
                fields=["reported_by", "-id"],
                condition=Q(reported_by__isnull=False),
                name="matters_by_reporter",
            ),
            # Few matters repeat another or are a part of one: an index of those alone.
            models.Index(fields=["main"], condition=Q(main__isnull=False), name="matters_by_main"),
            models.Index(
                fields=["whole"], condition=Q(whole__isnull=False), name="matters_by_whole"
            ),
            # A search reads what waits to be put in order as well: little may wait (64 kB).
            GinIndex(
                Pairs("words", "title", "place_text"),
                name="matters_pairs",
                gin_pending_list_limit=64,
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


class CoReporter(models.Model):
    """Somebody who follows another's matter instead of reporting it again, by an own secret link.

    The contact is sealed and erased as a reporter's is; the row stays, so that the number of
    those concerned does.
    """

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="co_reporters")
    words = models.TextField(blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    secret_hash = models.BinaryField(unique=True)
    submit_hash = models.BinaryField(null=True, unique=True)
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    joined_at = models.DateTimeField()
    joined_by = models.BigIntegerField(null=True)
    keep_until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["keep_until"],
                condition=Q(keep_until__isnull=False),
                name="matters_co_reporter_expiry",
            ),
        ]


class Voice(models.Model):
    """What one of several reporters says of the answer: a co-reporter, or that of a duplicate."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="voices")
    reporter = models.OneToOneField(CoReporter, null=True, on_delete=models.CASCADE)
    duplicate = models.OneToOneField(
        Matter, null=True, on_delete=models.CASCADE, related_name="own_voice"
    )
    solved = models.CharField(max_length=10, choices=Solved.choices)
    satisfaction = models.CharField(max_length=20, choices=Satisfaction.choices)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(reporter=None, duplicate__isnull=False)
                | Q(reporter__isnull=False, duplicate=None),
                name="matters_voice_of_one",
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


class Sheet(models.Model):
    """A sheet of another system on its way in: checked, mended, confirmed, taken row by row.

    Seen by whoever uploaded it alone, and gone with its rows when its time is over.
    """

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    columns = models.JSONField()
    status = models.CharField(max_length=8, choices=SheetStatus.choices)
    by = models.BigIntegerField()
    uploaded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["by", "-id"], name="matters_sheet_by"),
            models.Index(
                fields=["id"], condition=Q(status="running"), name="matters_sheet_running"
            ),
        ]


class SheetRow(models.Model):
    """One row of a sheet: its texts and what is wrong with them, sealed; what became of it."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="rows")
    line = models.IntegerField()
    sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=RowState.choices)
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["sheet", "line"], name="matters_sheet_line_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sheet", "state", "line"], name="matters_sheet_rows"),
        ]


class ForeignNumber(models.Model):
    """The number that another system gave a matter: what came once does not come again."""

    scheme = models.CharField(max_length=40, db_collation="C")
    number = models.CharField(max_length=80, db_collation="C")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="numbers")
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["scheme", "number"], name="matters_number_once"),
        ]


class SuggestionModel(models.Model):
    """What was learned from the district's own closed matters: plain arrays, and how well it does.

    `measured` holds the figures on matters that were held out, by category.
    """

    number = models.IntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    measured = models.JSONField()
    organisations = models.JSONField(default=dict)
    trained_at = models.DateTimeField()


class SavedList(models.Model):
    """A narrowed list that somebody keeps under a name of his own; nobody else sees it."""

    account = models.BigIntegerField()
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "name"], name="matters_saved_list_once"),
        ]
