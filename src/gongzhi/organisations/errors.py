"""What can go wrong with organisations, posts and their definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, FieldProblem, InvalidInput, NotFound


class OrganisationUnknown(NotFound):
    """There is no such organisation, or the actor may not know of it."""

    code = "organisation-unknown"
    title = _("没有找到这个组织")


class PostUnknown(NotFound):
    """There is no such post, or the actor may not know of it."""

    code = "post-unknown"
    title = _("没有找到这个岗位")


class RoleUnknown(InvalidInput):
    """The role is in no roles.yaml of this installation."""

    code = "role-unknown"
    title = _("没有这个角色")


class PlaceRefused(InvalidInput):
    """The tree or the role does not allow this place."""

    code = "place-refused"
    title = _("不能放在这里")


class RoleTaken(Conflict):
    """A role with one holder at a time is already held there on some of these days."""

    code = "role-taken"
    title = _("这个岗位在这段时间已有人担任")


class RolesApart(Conflict):
    """One person would hold two of the three separate administrations (三员分立)."""

    code = "roles-apart"
    title = _("系统管理、安全管理、审计三个角色不能由同一人同时担任")


class StillInUse(Conflict):
    """The organisation still has children or posts on the day it is to end."""

    code = "still-in-use"
    title = _("该组织下还有下级组织或在任岗位")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a data file: line (from 1), what is wrong, and the mend."""

    file: str
    line: int
    message: str
    mend: str = ""

    def __str__(self) -> str:
        """`file:line: message。修改：mend`, the form editors can jump to."""
        mend = f" 修改：{self.mend}" if self.mend else ""
        return f"{self.file}:{self.line}: {self.message}。{mend}".rstrip()


class DefinitionsInvalid(InvalidInput):
    """A data file that cannot be used; `faults` says all of it with file and line."""

    code = "definitions-invalid"
    title = _("数据文件有误")

    def __init__(self, faults: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
        self.problems = tuple(
            FieldProblem(f"{fault.file}:{fault.line}", fault.message, fault.mend)
            for fault in faults
        )
