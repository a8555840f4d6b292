"""Errors as values: each has a code, a status, a field and a mend, and is mapped once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field, and how to mend it."""

    field: str
    message: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the plain form used in problem+json."""
        return {"field": self.field, "message": str(self.message), "mend": str(self.mend)}


class GongzhiError(Exception):
    """Base of every error a caller may show to a person.

    `message` and `mend` are in the reader's language and may be lazy translations.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: ClassVar[Any] = _("无法完成")

    def __init__(self, message: Any = "", *, field: str | None = None, mend: Any = "") -> None:
        super().__init__(message)
        self.message = message or self.title
        self.field = field
        self.mend = mend
        self.problems: tuple[FieldProblem, ...] = (
            (FieldProblem(field, str(self.message), str(mend)),) if field else ()
        )

    def __str__(self) -> str:
        return f"{self.message}{'。' if self.mend else ''}{self.mend}"


class InvalidInput(GongzhiError):
    """Something that was entered cannot be accepted as it is."""

    code = "invalid"
    status = 422
    title = _("填写有误")

    @classmethod
    def many(cls, problems: Iterable[FieldProblem]) -> InvalidInput:
        """Collect several field problems into one error."""
        found = tuple(problems)
        error = cls(found[0].message if found else "")
        error.problems = found
        return error

    @classmethod
    def from_mapping(cls, messages: Mapping[str, Iterable[Any]]) -> InvalidInput:
        """Make one error of a form's `{field: [messages]}`."""
        return cls.many(
            FieldProblem(field, str(text)) for field, texts in messages.items() for text in texts
        )


class NotAllowed(GongzhiError):
    """The actor may not do this here."""

    code = "not-allowed"
    status = 403
    title = _("您没有这项权限")


class SignInNeeded(GongzhiError):
    """Nobody is signed in and the operation needs somebody."""

    code = "sign-in-needed"
    status = 401
    title = _("请先登录")


class NotFound(GongzhiError):
    """There is no such thing, or the actor may not know of it."""

    code = "not-found"
    status = 404
    title = _("没有找到")


class Conflict(GongzhiError):
    """Somebody else was first, or the record is in a state that excludes this."""

    code = "conflict"
    status = 409
    title = _("与现有记录冲突")


class StaleVersion(Conflict):
    """The record has changed since it was read."""

    code = "stale-version"
    title = _("内容已被他人更新，请刷新后再试")


class TooManyRequests(GongzhiError):
    """The caller must wait; `seconds` says how long."""

    code = "too-many-requests"
    status = 429
    title = _("操作过于频繁")

    def __init__(self, message: Any = "", *, seconds: int = 60, mend: Any = "") -> None:
        super().__init__(message, mend=mend)
        self.seconds = seconds


def problem(error: GongzhiError, *, instance: str = "") -> dict[str, Any]:
    """Return *error* as an RFC 9457 problem document."""
    body: dict[str, Any] = {
        "type": f"urn:gongzhi:problem:{error.code}",
        "title": str(error.title),
        "status": error.status,
        "code": error.code,
        "detail": str(error),
    }
    if error.problems:
        body["errors"] = [item.as_dict() for item in error.problems]
    if instance:
        body["instance"] = instance
    return body
