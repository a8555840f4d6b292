"""What can be wrong with a matter."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, InvalidInput, NotFound


class MatterUnknown(NotFound):
    """There is no such matter, or the actor may not know of it."""

    code: ClassVar[str] = "matter-unknown"
    title = _("没有这件事项，或您看不到它")


class SecretWrong(NotFound):
    """Reference and secret do not belong together."""

    code: ClassVar[str] = "secret-wrong"
    title = _("没有找到，请核对编号和查询链接")


class PhotoRefused(InvalidInput):
    """A file is no picture that can be taken."""

    code: ClassVar[str] = "photo-refused"
    title = _("照片不能用")


class PlaceOutside(InvalidInput):
    """A point or a code lies outside what this installation serves."""

    code: ClassVar[str] = "place-outside"
    title = _("地点不在本区范围内")


class AlreadyJudged(Conflict):
    """The matter does not wait for a verdict."""

    code: ClassVar[str] = "not-waiting-for-verdict"
    title = _("这件事项现在不等评价")
