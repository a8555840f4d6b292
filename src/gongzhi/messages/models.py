"""Notices, the e-mails that carry them out of the house, and the sealed addresses they go to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from gongzhi.messages.choices import Channel, State, Trouble


class Address(models.Model):
    """An e-mail address, sealed: of an account, or of a resident for one subject alone.

    A resident's address holds the path of his secret link, sealed as well, so that a mail can
    carry it: of the secret itself only a digest is kept elsewhere. Both go on the same day.
    Until he has confirmed it nothing but the asking is sent there; unconfirmed it goes after
    `confirm_by`. `asked_index` tells so long which askings go to one address; no longer, so that
    nobody's matters can be put together by it. An account's address asks for none of this.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.BigIntegerField(null=True)
    area = models.CharField(max_length=20, db_collation="C")
    sealed = models.BinaryField()
    link_sealed = models.BinaryField(null=True)
    language = models.CharField(max_length=10, default="zh-hans")
    kinds = ArrayField(models.CharField(max_length=30), default=list)
    asked_index = models.BinaryField(null=True)
    stored_at = models.DateTimeField()
    confirm_by = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    keep_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, subject_id=None, subject_kind="")
                | Q(account=None, subject_id__isnull=False) & ~Q(subject_kind=""),
                name="notices_address_of_one",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False)
                | Q(confirmed_at__isnull=False)
                | Q(confirm_by__isnull=False),
                name="notices_address_confirmed_or_asked",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(asked_index=None),
                name="notices_address_index_while_asked",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["subject_kind", "subject_id"],
                condition=Q(subject_id__isnull=False),
                name="notices_address_subject",
            ),
            models.Index(
                fields=["keep_until"],
                condition=Q(keep_until__isnull=False),
                name="notices_address_expiry",
            ),
            models.Index(
                fields=["confirm_by"],
                condition=Q(account=None, confirmed_at=None),
                name="notices_address_unconfirmed",
            ),
            models.Index(
                fields=["asked_index"],
                condition=Q(asked_index__isnull=False),
                name="notices_address_asked",
            ),
        ]


class Notice(models.Model):
    """What somebody is told, once: `key` is unique. `read_at` is the receipt.

    `values` are the words and moments of the template: stages, owners and due times, never what
    somebody wrote.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    address = models.ForeignKey(
        Address, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    template = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    reference = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True)
    fact = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(account=None, address__isnull=False)
                | Q(account__isnull=False, address=None),
                name="notices_to_one",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["account", "-id"],
                condition=Q(read_at=None, account__isnull=False),
                name="notices_unread",
            ),
            models.Index(
                fields=["account", "-id"],
                condition=Q(read_at__isnull=False, account__isnull=False),
                name="notices_read",
            ),
            models.Index(fields=["created_at"], name="notices_by_age"),
        ]


class Delivery(models.Model):
    """One notice on its way out of the house; a worker claims it before it sends.

    `claim` numbers the claims, and tells a late worker that its own is no longer the newest.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    urgent = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=10, choices=Trouble.choices, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notices_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "failed"), next_try__isnull=False)
                | ~Q(state__in=("waiting", "failed")),
                name="notices_waiting_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"),
                name="notices_sent_has_a_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_try", "id"],
                condition=Q(state__in=("waiting", "failed")),
                name="notices_due",
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(state="sending"), name="notices_sending"
            ),
            models.Index(
                fields=["id"],
                condition=Q(state="dead", settled_at=None),
                name="notices_dead",
            ),
        ]
