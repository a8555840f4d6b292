"""Closed lists of matters: channels, verdicts, limits, and the names that procedure files share."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

SUBJECT: Final = "matters.matter"
PROCEDURE: Final = "matter"
SEE: Final = "matters.see"
HANDLE: Final = "matters.handle"
REPORT: Final = "matters.report"
EXPORT: Final = "matters.export"
# The reporter's moves by secret link, by the answer to "solved?".
VERDICT_MOVES: Final = {True: "verdict_solved", False: "verdict_unsolved"}


class Channel(models.TextChoices):
    """By which way a matter came in."""

    WEB = "web", _("居民网页")
    PHONE = "phone", _("电话")
    WINDOW = "window", _("窗口")
    VISIT = "visit", _("入户走访")
    PATROL = "patrol", _("网格巡查")
    HOTLINE = "hotline", _("12345热线")
    API = "api", _("系统对接")
    HELP = "help", _("我帮你")


class Satisfaction(models.TextChoices):
    """How satisfied a reporter is; the keys are those of the procedure's field."""

    VERY_SATISFIED = "very_satisfied", _("非常满意")
    SATISFIED = "satisfied", _("满意")
    FAIRLY = "fairly", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")
    VERY_DISSATISFIED = "very_dissatisfied", _("非常不满意")


class Solved(models.TextChoices):
    """Whether the reporter holds the matter to be solved."""

    SOLVED = "solved", _("解决了")
    PARTLY = "partly", _("部分解决")
    UNSOLVED = "unsolved", _("没解决")


class SheetStatus(models.TextChoices):
    """How far a sheet of another system has come."""

    CHECKED = "checked", _("待确认")
    RUNNING = "running", _("导入中")
    DONE = "done", _("已导入")
    STOPPED = "stopped", _("已中断")


class RowState(models.TextChoices):
    """What became of one row of a sheet."""

    GOOD = "good", _("可导入")
    BAD = "bad", _("有错")
    KNOWN = "known", _("以前导入过")
    TAKEN = "taken", _("已导入")


class Origin(models.TextChoices):
    """Who brought a photo."""

    REPORTER = "reporter", _("反映人")
    STAFF = "staff", _("办理人员")
    ANSWER = "answer", _("回答提问的一方")
    FOLLOWER = "follower", _("跟进的人")


FOR_REPORTER: Final = (Origin.REPORTER, Origin.STAFF)
"""Whose photos the reporter sees too: what others gave is for those who handle the matter."""


# Residents' own ways in: no post is asked for, and staff do not choose them.
OWN_CHANNELS: Final = (Channel.WEB, Channel.HELP)

LONGEST_WORDS: Final = 2000  # characters
LONGEST_PLACE: Final = 200
LONGEST_NAME: Final = 40
LONGEST_TITLE: Final = 60
LONGEST_VERDICT: Final = 1000
LARGEST_EXPORT: Final = 50_000  # rows

MOST_PARTS: Final = 8  # into which one matter is split at a time

MOST_FOLLOWERS_PHOTOS: Final = 90  # of all who follow one matter together
MOST_PHOTOS: Final = 9  # on one matter from its reporter; the same again from each stage
LARGEST_PHOTO: Final = 12 * 1024 * 1024  # bytes as uploaded
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 1600  # pixels as kept
THUMBNAIL_SIDE: Final = 264
