"""Turns whatever can go wrong with a request into errors with field and mend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.kernel.errors import FieldProblem, GongzhiError, InvalidInput

_LONGEST_NAME = 80


class BodyUnreadable(GongzhiError):
    """The body is no JSON, or not in UTF-8."""

    code: ClassVar[str] = "body-unreadable"
    status: ClassVar[int] = 400
    title = gettext_lazy("请求内容无法读取")


class BodyTooLarge(GongzhiError):
    """The body is larger than is taken."""

    code: ClassVar[str] = "body-too-large"
    status: ClassVar[int] = 413
    title = gettext_lazy("提交的内容太大")


class MethodNotAllowed(GongzhiError):
    """The address does not know this method."""

    code: ClassVar[str] = "method-not-allowed"
    status: ClassVar[int] = 405
    title = gettext_lazy("这个地址不接受这种请求方式")


def from_validation(errors: list[dict[str, Any]]) -> InvalidInput:
    """Return one error that names every field that did not validate, with its mend."""
    return InvalidInput.many(_problem(error) for error in errors)


def _problem(error: Mapping[str, Any]) -> FieldProblem:
    kind = str(error.get("type", ""))
    context = error.get("ctx") or {}
    return FieldProblem(_field(error.get("loc", ())), *_words(kind, context))


def _field(location: Any) -> str:
    """Return the name of the field: the place within the body, without the wrapping names."""
    parts = [str(part)[:_LONGEST_NAME] for part in location]
    if parts[:1] and parts[0] in ("body", "query", "path", "form", "file", "header"):
        parts = parts[1:]
    # The library puts the name of the handler's argument before a body's fields.
    if len(parts) > 1 and parts[0] in ("body", "page", "filters"):
        parts = parts[1:]
    return ".".join(parts) or "body"


def _words(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong and the mend, in the reader's language."""
    if kind == "extra_forbidden":
        return _("没有这个字段"), _("请去掉它，或检查拼写")
    if kind == "missing":
        return _("缺少这个字段"), _("请补上")
    for prefix, name in _TYPES.items():
        if kind.startswith(prefix):
            return _("类型不对"), _("应为%(name)s") % {"name": str(name)}
    if kind in ("literal_error", "enum"):
        return _("没有这个选项"), _("可用：%(known)s") % {"known": context.get("expected", "")}
    if kind == "string_pattern_mismatch":
        return _("没有这个选项"), _("应符合 %(pattern)s") % {"pattern": context.get("pattern", "")}
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        limit = next(iter(context.values()), "")
        return _("数值超出范围"), _("界限是 %(limit)s") % {"limit": limit}
    return _("不能用"), _("请对照接口说明检查")


_TYPES = {
    "string_type": gettext_lazy("文字"),
    "string_sub": gettext_lazy("文字"),
    "int_": gettext_lazy("整数"),
    "float_": gettext_lazy("数字"),
    "finite_": gettext_lazy("有限的数字"),
    "bool_": gettext_lazy("是或否（true、false）"),
    "dict_": gettext_lazy("对象"),
    "list_": gettext_lazy("列表"),
    "model_": gettext_lazy("对象"),
    "date_": gettext_lazy("日期，如 2026-03-05"),
    "datetime_": gettext_lazy("时间，如 2026-03-05T09:30"),
}
