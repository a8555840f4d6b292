"""Organisations in a typed, dated tree, and the posts that people hold at areas or in them.

What must hold under any race is a constraint or trigger (migration 0002): a child hangs only
under a kind its own kind allows, a single-holder role has one holder at a time, and nobody
holds two of the roles that are kept apart.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class OrganisationKind(models.Model):
    """A kind of organisation, from `organisation_kinds.yaml`: where it may hang and stand."""

    key = models.CharField(max_length=40, primary_key=True)
    names = models.JSONField()
    parents = ArrayField(models.CharField(max_length=40))
    may_be_root = models.BooleanField()
    levels = ArrayField(models.SmallIntegerField())
    party = models.BooleanField(default=False)
    position = models.SmallIntegerField()


class Organisation(models.Model):
    """One organisation, from its founding to its abolition.

    Name, area and parent are those held since `since`; earlier ones are spells.
    """

    kind = models.ForeignKey(OrganisationKind, on_delete=models.PROTECT)
    code = models.CharField(max_length=40, null=True, unique=True)
    name = models.CharField(max_length=120)
    area = models.CharField(max_length=20, db_collation="C")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    since = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisations_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(since__gte=F("valid_from")), name="organisations_since_founding"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area"], name="organisations_by_area"),
            models.Index(fields=["kind", "area"], name="organisations_by_kind_area"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationSpell(models.Model):
    """What an organisation was formerly called and where it hung, from one day to another."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="spells")
    name = models.CharField(max_length=120)
    area = models.CharField(max_length=20, db_collation="C")
    parent = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()


class OrganisationSuccession(models.Model):
    """That one organisation followed another (撤销、合并、改设), on a day, by a document."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="followed")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="follows")
    document = models.CharField(max_length=120, blank=True)
    on = models.DateField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="organisations_succession_once"
            ),
        ]


class Role(models.Model):
    """A role from `roles.yaml`: its names, where it may be held, what it may do."""

    key = models.CharField(max_length=40, primary_key=True)
    names = models.JSONField()
    levels = ArrayField(models.SmallIntegerField())
    organisation_kinds = ArrayField(models.CharField(max_length=40))
    powers = ArrayField(models.CharField(max_length=60))
    single = models.BooleanField(default=False)
    apart = models.CharField(max_length=20, null=True)
    position = models.SmallIntegerField()
    retired = models.BooleanField(default=False)


class RoleBook(models.Model):
    """The version of all roles together: a process rereads them when it has moved on."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.IntegerField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(id=1), name="organisations_one_role_book"),
        ]


class Post(models.Model):
    """A person holding a role at an area or in an organisation, from one day to another.

    `valid_to` is the first day on which it is no longer held. A deputy's post carries
    `deputy_for` and the days for which the deputy stands in.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    area = models.CharField(max_length=20, db_collation="C", null=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    deputy_for = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="deputies"
    )
    single = models.BooleanField(default=False)
    apart = models.CharField(max_length=20, null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, organisation__isnull=True)
                | Q(area__isnull=True, organisation__isnull=False),
                name="organisations_post_at_one_place",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisations_post_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(deputy_for__isnull=True) | Q(valid_to__isnull=False),
                name="organisations_deputy_has_end",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account"], name="organisations_post_account"),
            models.Index(fields=["role", "area"], name="organisations_post_role_area"),
            models.Index(fields=["area"], name="organisations_post_area"),
        ]
