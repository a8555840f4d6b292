"""Closed lists of the organisations app: powers that policies know, roles kept apart."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from gongzhi.people.choices import POWERS

__all__ = ["APART", "POWERS"]

APART: Final[dict[str, Any]] = {
    "system": _("系统管理"),
    "security": _("安全管理"),
    "audit": _("审计"),
}
