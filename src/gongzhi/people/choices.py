"""Closed lists of the people app: personal data, reasons to reveal, languages, powers."""

from __future__ import annotations

from typing import Any, Final

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
    "disputes.see": _("查看矛盾纠纷"),
    "disputes.handle": _("调解矛盾纠纷"),
    "counselling.see": _("查看心理疏导"),
    "counselling.handle": _("做心理疏导"),
    "visits.see": _("查看走访"),
    "visits.record": _("记走访"),
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
    "figures.see": _("查看数据"),
    "facts.audit": _("审计记录"),
    "system.manage": _("系统管理"),
    "security.manage": _("安全管理"),
}
"""What a role or a token may allow: the words that policies ask for."""
