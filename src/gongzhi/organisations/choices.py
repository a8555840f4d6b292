"""Closed lists of the organisations app: powers that policies know, roles kept apart."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

POWERS: Final[dict[str, Any]] = {
    "matters.see": _("查看事项"),
    "matters.report": _("代为登记事项"),
    "matters.handle": _("办理事项"),
    "matters.dispatch": _("派单"),
    "matters.review": _("审核办理结果"),
    "matters.export": _("导出事项"),
    "cases.cancel": _("撤销事项"),
    "cases.reopen": _("重新打开事项"),
    "cases.rule_objection": _("裁定派单异议"),
    "cases.approve_pause": _("批准暂停计时"),
    "areas.see": _("查看区划与网格"),
    "areas.manage": _("管理区划与网格"),
    "people.see": _("查看人员（遮蔽）"),
    "people.manage": _("管理人员"),
    "people.reveal": _("查看完整个人信息"),
    "organisations.see": _("查看组织"),
    "organisations.manage": _("管理组织"),
    "posts.manage": _("管理岗位"),
    "procedures.see": _("查看流程"),
    "procedures.publish": _("发布流程"),
    "facts.audit": _("审计记录"),
    "system.manage": _("系统管理"),
    "security.manage": _("安全管理"),
}

APART: Final[dict[str, Any]] = {
    "system": _("系统管理"),
    "security": _("安全管理"),
    "audit": _("审计"),
}
