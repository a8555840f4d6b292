"""Closed lists of notices: channels, states of a delivery, waits, and what notices are about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.actor import Actor


class Channel(models.TextChoices):
    """By which way a notice leaves the house; in the desk the notice itself is the delivery."""

    EMAIL = "email", _("电子邮件")


class State(models.TextChoices):
    """What became of a delivery.

    `sending` is claimed by a worker; `failed` waits for its next try; `dead` waits for a person;
    `dropped` had nobody left to go to, or was read in the desk before it went.
    """

    WAITING = "waiting", _("等待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已送出")
    FAILED = "failed", _("等待重试")
    DEAD = "dead", _("发送失败")
    DROPPED = "dropped", _("不再发送")


class Trouble(models.TextChoices):
    """Why an e-mail did not go, in the words of the operator's page."""

    UNSURE = "unsure", _("发送中途中断，可能已经送到")
    REFUSED = "refused", _("对方邮箱拒收")
    UNREACHED = "unreached", _("连不上邮件服务器，或服务器暂时不收")


RETRY_MINUTES: Final = (1, 5, 15, 60, 240, 720)
LEASE_MINUTES: Final = 10  # an e-mail is on its way for longer only when its worker is gone
LONGEST_ADDRESS: Final = 120
LONGEST_ERROR: Final = 300
MOST_COUNTED: Final = 99  # a bell says no more than that
FIGURE_DAYS: Final = 30
CONFIRM: Final = "address.confirm"  # the template of the only e-mail before an address is confirmed
CONFIRMED: Final = "address.confirmed"
MANAGE: Final = "system.manage"
CASE: Final = "case"  # the kind of subject that is a case, named by its number


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice is about, for a reader who may see it; without a page there is no address."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing that notices are about; `told` answers only what the actor may see.

    `link` gives the path of a link of a resident's notice that is not his usual one, or ''.
    """

    key: str
    told: Callable[[Actor, Collection[int]], Mapping[int, Told]]
    link: Callable[[str, Mapping[str, Any]], str] | None = None


SUBJECTS: dict[str, Subject] = {}


def register_subject(subject: Subject) -> None:
    """Let notices be about *subject*: called by the room above when it is ready."""
    SUBJECTS[subject.key] = subject
