"""Areas by dated code, their shapes, successions, aliases and named sets."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from gongzhi.areas.choices import (
    KINDS_OF_LEVEL,
    AdjustmentKind,
    AdjustmentState,
    Kind,
    Origin,
)


class Validity(Func):
    """The days on which a dated row holds: from its first day up to, not including, its last."""

    function = "daterange"
    output_field = DateRangeField()


class LevelOfCode(Func):
    """The level that a code's length means; NULL for a length that means none."""

    template = (
        "CASE length(%(expressions)s) WHEN 2 THEN 'province' WHEN 4 THEN 'city'"
        " WHEN 6 THEN 'district' WHEN 9 THEN 'street' WHEN 12 THEN 'community'"
        " WHEN 15 THEN 'grid' WHEN 18 THEN 'building' WHEN 20 THEN 'staircase' END"
    )
    output_field = models.CharField()


class ParentOfCode(Func):
    """The code one level up: the prefix at the next shorter length."""

    template = (
        "left((%(expressions)s)::text, CASE length(%(expressions)s) WHEN 4 THEN 2 WHEN 6 THEN 4"
        " WHEN 9 THEN 6 WHEN 12 THEN 9 WHEN 15 THEN 12 WHEN 18 THEN 15 WHEN 20 THEN 18"
        " ELSE 0 END)"
    )
    output_field = models.CharField()


def _code_field() -> models.CharField[str, str]:
    return models.CharField(_("代码"), max_length=20, db_collation="C")


class Area(models.Model):
    """One area under one code for a span of days; a later span is another row."""

    code = _code_field()
    level = models.GeneratedField(
        expression=LevelOfCode(F("code")),
        output_field=models.CharField(max_length=9, db_collation="C"),
        db_persist=True,
    )
    parent = models.GeneratedField(
        expression=ParentOfCode(F("code")),
        output_field=models.CharField(max_length=18, db_collation="C"),
        db_persist=True,
    )
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True)
    households = models.IntegerField(_("户数"), null=True)
    residents = models.IntegerField(_("人数"), null=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ENTERED)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="areas_area_no_overlap",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (Validity("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.UniqueConstraint(
                "code", condition=Q(valid_to=None), name="areas_area_one_current"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]+$") & Q(level__isnull=False),
                name="areas_area_code_form",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="areas_area_days_in_order",
            ),
            models.CheckConstraint(
                condition=(Q(households=None) | Q(households__gte=0))
                & (Q(residents=None) | Q(residents__gte=0)),
                name="areas_area_counts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    *[
                        Q(level=level, kind__in=[kind.value for kind in kinds])
                        for level, kinds in KINDS_OF_LEVEL.items()
                    ],
                    _connector=Q.OR,
                ),
                name="areas_area_kind_fits_level",
            ),
        ]
        indexes: ClassVar = [
            models.Index("code", "valid_from", name="areas_area_code_days"),
            models.Index("parent", "code", name="areas_area_children"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AreaShape(models.Model):
    """The outline of an area as plain WKB bytes in CGCS2000/WGS84 degrees."""

    area = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="shape")
    geometry = models.BinaryField()
    schematic = models.BooleanField(_("示意"), default=False)
    label_lon = models.FloatField()
    label_lat = models.FloatField()

    def __str__(self) -> str:
        return f"shape of {self.area_id}"


class ShapeRevision(models.Model):
    """One row whose token changes with any shape or grid, so that memory knows it is old."""

    token = models.UUIDField()

    def __str__(self) -> str:
        return str(self.token)


class Adjustment(models.Model):
    """A planned or finished change of areas, with the batch it belongs to."""

    kind = models.CharField(max_length=8, choices=AdjustmentKind)
    state = models.CharField(max_length=7, choices=AdjustmentState)
    code = _code_field()
    title = models.CharField(_("事项"), max_length=120)
    batch = models.SmallIntegerField(_("批次"), default=1)
    takes_effect = models.DateField(_("生效日期"))
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=AdjustmentState.DONE, done_at__isnull=False)
                | Q(state=AdjustmentState.PLANNED, done_at=None),
                name="areas_adjustment_done_has_time",
            ),
            models.CheckConstraint(condition=Q(batch__gte=1), name="areas_adjustment_batch"),
        ]
        indexes: ClassVar = [models.Index("code", name="areas_adjustment_code")]

    def __str__(self) -> str:
        return self.title


class Succession(models.Model):
    """What one area handed on to another in an adjustment: its households and residents."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Area, models.PROTECT, related_name="followed_by")
    successor = models.ForeignKey(Area, models.PROTECT, related_name="preceded_by")
    households = models.IntegerField(null=True)
    residents = models.IntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "adjustment", "predecessor", "successor", name="areas_succession_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="areas_succession_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class AreaAlias(models.Model):
    """A code of another scheme that means one of our areas."""

    scheme = models.CharField(_("编码体系"), max_length=40)
    foreign_code = models.CharField(_("外部代码"), max_length=60, db_collation="C")
    code = _code_field()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="areas_alias_no_overlap",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    ("foreign_code", RangeOperators.EQUAL),
                    (Validity("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="areas_alias_days_in_order",
            ),
        ]
        indexes: ClassVar = [models.Index("code", name="areas_alias_code")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.foreign_code}"


class AreaSet(models.Model):
    """A named, dated set of areas that cuts across the tree."""

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("kind", "name", "valid_from", name="areas_set_once"),
            ExclusionConstraint(
                name="areas_set_no_overlap",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (Validity("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaSetMember(models.Model):
    """One area's membership of a set, with its days."""

    area_set = models.ForeignKey(AreaSet, models.CASCADE, related_name="members")
    code = _code_field()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="areas_set_member_no_overlap",
                expressions=[
                    ("area_set", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (Validity("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_set_id}:{self.code}"


class District(models.Model):
    """A district served by this installation, as its folder describes it."""

    code = models.CharField(max_length=20, db_collation="C", primary_key=True)
    folder = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    reference_prefix = models.CharField(max_length=4)
    longitude = models.FloatField()
    latitude = models.FloatField()
    level_names = models.JSONField()
    kind_names = models.JSONField(default=dict)
    grids_used = models.BooleanField(default=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
