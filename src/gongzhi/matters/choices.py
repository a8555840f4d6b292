"""Fixed words and sizes of matters."""

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
REVEAL: Final = "people.reveal"

LONGEST_WORDS: Final = 2000
LONGEST_PLACE: Final = 200
LONGEST_NAME: Final = 40
MOST_PHOTOS: Final = 9
LARGEST_PHOTO: Final = 12 * 1024 * 1024  # bytes
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 1600  # pixels
THUMBNAIL: Final = (264, 192)  # pixels
EXPORT_ROWS: Final = 50_000


class Channel(models.TextChoices):
    """How a matter came in."""

    WEB = "web", _("居民网页")
    PHONE = "phone", _("电话")
    WINDOW = "window", _("窗口")
    VISIT = "visit", _("入户走访")
    HOTLINE = "hotline", _("12345热线")
    API = "api", _("系统对接")


STATES: Final = {
    "open": _("办理中"), "late": _("已超期"), "soon": _("临近期限"), "waiting": _("已暂停计时"),
    "closed": _("已办结"),
}
