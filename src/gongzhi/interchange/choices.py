"""Closed lists of webhooks: what can be subscribed to, states of a delivery, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MANAGE: Final = "system.manage"


@dataclass(frozen=True, slots=True)
class Event:
    """A type of event that programs may subscribe to, and what its data tells of the fact."""

    kind: str
    label: StrOrPromise
    tells: tuple[str, ...]


# The public list. Names stay for good: programs of others rely on them.
EVENTS: Final = {
    "matter.reported": Event("matters.reported", _("收到诉求"), ("category", "channel")),
    "matter.classified": Event("matters.classified", _("改了类别"), ("before", "after")),
    "matter.located": Event("matters.located", _("改了地点"), ("before", "after")),
    "matter.stage_entered": Event(
        "procedures.stage_entered", _("进入新的环节"), ("stage", "visit", "due_at")
    ),
    "matter.light_turned": Event("procedures.light_turned", _("亮黄灯或红灯"), ("stage", "light")),
    "matter.closed": Event(
        "procedures.case_closed", _("办结"), ("outcome", "outcome_kind", "on_time")
    ),
    "matter.cancelled": Event("procedures.case_cancelled", _("撤销"), ("stage", "outcome")),
    "matter.reopened": Event("procedures.case_reopened", _("重新打开"), ("stage",)),
    "matter.verdict_given": Event(
        "matters.verdict_given", _("反映人作了评价"), ("solved", "satisfaction")
    ),
}
TEST_EVENT: Final = "webhook.test"
TYPE_OF: Final = {event.kind: name for name, event in EVENTS.items()}

# Waits before the second try, the third, and so on, as the Standard Webhooks scheme has them.
RETRIES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LEASE: Final = timedelta(seconds=60)  # after which a delivery whose sender died is taken again
DEADLINE: Final = 10.0  # seconds for one delivery, from the name's look-up to the status
BATCH: Final = 16
KEEP_DAYS: Final = 90
MOST_ENDPOINTS: Final = 50
LONGEST_URL: Final = 500
LONGEST_NAME: Final = 60


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已送达")
    DEAD = "dead", _("未送达，不再重试")
    WITHHELD = "withheld", _("已扣下，负责人看不到该事项")


class Fault(models.TextChoices):
    """What went wrong with a try."""

    NAME = "name", _("域名解析不到")
    ADDRESS = "address", _("目标地址不允许（内网或本机）")
    CONNECT = "connect", _("连接不上")
    TLS = "tls", _("证书或加密连接有误")
    TIMEOUT = "timeout", _("超时没有答复")
    REDIRECT = "redirect", _("对方要求转到别处，不跟随")
    STATUS = "status", _("对方答复出错")
    GONE = "gone", _("对方表示不再接收，已暂停")
    BROKEN = "broken", _("答复无法读取")


class PausedBy(models.TextChoices):
    """Why an endpoint gets nothing now."""

    HAND = "hand", _("已暂停")
    GONE = "gone", _("对方表示不再接收")
