"""What the database refuses, said in words: the last word on races and on the tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import GongzhiError
from gongzhi.organisations.errors import PlaceRefused, RolesApart, RoleTaken, StillInUse

_WORDS: dict[str, tuple[type[GongzhiError], Any, str, Any]] = {
    "organisations_kind_level": (
        PlaceRefused,
        _("这类组织不设在这一层级"),
        "area",
        _("请换一个区域或组织类型"),
    ),
    "organisations_parent_kind": (
        PlaceRefused,
        _("这类组织不能设在该上级之下"),
        "parent",
        _("请选直接上一级的组织"),
    ),
    "organisations_parent_area": (
        PlaceRefused,
        _("所在区域不在上级组织的区域内"),
        "area",
        _("请选上级区域之内的区域"),
    ),
    "organisations_parent_ended": (
        PlaceRefused,
        _("上级组织已撤销"),
        "parent",
        _("请选仍在运行的上级组织"),
    ),
    "organisations_organisation_code_key": (
        PlaceRefused,
        _("组织代码已被使用"),
        "code",
        _("请换一个代码"),
    ),
    "organisations_children_left": (
        StillInUse,
        _("还有下级组织未撤销"),
        "on",
        _("请先撤销或改挂下级组织"),
    ),
    "organisations_posts_left": (
        StillInUse,
        _("还有在任岗位"),
        "on",
        _("请先结束或移交这些岗位"),
    ),
    "organisations_role_place": (
        PlaceRefused,
        _("这个角色不能设在这里"),
        "role",
        _("请换一个区域、组织或角色"),
    ),
    "organisations_post_outlives": (
        PlaceRefused,
        _("该组织在任期内撤销"),
        "valid_to",
        _("请把任期结束日提前"),
    ),
    "organisations_deputy_matches": (
        PlaceRefused,
        _("不能这样代理"),
        "deputy",
        _("请选另一个人代理正式岗位"),
    ),
    "organisations_single_holder": (
        RoleTaken,
        _("这个岗位在这段时间已有人担任"),
        "valid_from",
        _("请先结束前任，或使用移交"),
    ),
    "organisations_post_not_twice": (
        RoleTaken,
        _("此人在这段时间已担任这个岗位"),
        "account",
        _("请检查任期"),
    ),
    "organisations_roles_apart": (
        RolesApart,
        _("系统管理、安全管理、审计不能由同一人同时担任"),
        "role",
        _("请另选一人"),
    ),
    "organisations_post_dates_in_order": (
        PlaceRefused,
        _("结束日早于开始日"),
        "valid_to",
        _("请改日期"),
    ),
    "organisations_dates_in_order": (
        PlaceRefused,
        _("撤销日早于成立日"),
        "on",
        _("请改日期"),
    ),
}


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a broken constraint inside the block into the error that names field and mend."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in _WORDS:
            raise
        refused, words, field, mend = _WORDS[name]
        raise refused(words, field=field, mend=mend) from error
