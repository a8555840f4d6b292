"""Closed lists of the people app: fields of personal data, reasons to reveal, languages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

FIELDS: list[tuple[str, Any]] = [
    ("name", _("姓名")),
    ("phone", _("手机号")),
    ("id_number", _("身份证号")),
    ("address", _("住址")),
]
INDEXED = frozenset({"name", "phone", "id_number"})
IDENTIFYING = frozenset({"phone", "id_number"})

REVEAL_REASONS: list[tuple[str, Any]] = [
    ("contact", _("联系本人办理事项")),
    ("verify", _("核对身份")),
    ("emergency", _("突发事件处置")),
    ("request", _("应本人要求")),
    ("duty", _("依法履职")),
    ("other", _("其他")),
]

LANGUAGES: list[tuple[str, str]] = [("zh-hans", "简体中文"), ("en", "English")]
