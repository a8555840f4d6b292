"""What can be refused about matters, each with its code and mend."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, InvalidInput, NotFound, TooManyRequests


class MatterUnknown(NotFound):
    """There is no such matter, or the actor may not know of it."""

    code = "matter-unknown"
    title = _("没有这件事项，或您看不到它")


class SecretWrong(NotFound):
    """The reference and the secret do not belong together."""

    code = "secret-wrong"
    title = _("没有找到，请核对编号和查询链接")


class DigitsWrong(NotFound):
    """The reference and the last digits of the phone do not belong together."""

    code = "digits-wrong"
    title = _("编号和电话后四位对不上")


class TooManyTries(TooManyRequests):
    """Digits were tried too often for this reference, or from this address."""

    code = "too-many-tries"
    title = _("试的次数太多了")


class MatterInvalid(InvalidInput):
    """What was reported cannot be taken as it is."""

    code = "matter-invalid"


class PlaceUnknown(InvalidInput):
    """A point or a code lies outside what this installation serves, or is too coarse."""

    code = "place-unknown"
    title = _("地点不在本区范围内")


class PlaceFixed(Conflict):
    """Whoever holds the matter now does not reach the new place."""

    code = "place-fixed"
    title = _("现在办理的单位管不到新的地点")


class CategoryUnknown(InvalidInput):
    """No category of the table in force has this code."""

    code = "category-unknown"
    title = _("没有这个类别")


class AccusedUnknown(InvalidInput):
    """An organisation cannot be complained of in this matter."""

    code = "accused-unknown"
    title = _("没有这个单位")


class CategoriesUnreadable(InvalidInput):
    """The category table has rows that cannot be taken; nothing was written."""

    code = "categories-unreadable"
    title = _("类别表中有不能用的行，未写入任何内容")


class PhotoRefused(InvalidInput):
    """A file is no picture that can be taken."""

    code = "photo-refused"
    title = _("照片不能用")


class TooManyPhotos(Conflict):
    """The matter has as many photos as it may have."""

    code = "too-many-photos"
    title = _("照片已达上限")


class VerdictNotDue(Conflict):
    """The matter does not wait for its reporter's verdict."""

    code = "verdict-not-due"
    title = _("这件事项现在不等评价")


class CannotMerge(Conflict):
    """Two matters cannot become one, or one cannot be taken apart, as they stand."""

    code = "cannot-merge"
    title = _("这两件不能并成一件")


class CannotSplit(InvalidInput):
    """A matter cannot be split into these parts."""

    code = "cannot-split"
    title = _("不能这样拆分")


class NotToFollow(Conflict):
    """A matter cannot be followed by further reporters."""

    code = "not-to-follow"
    title = _("这件事项现在不能跟进")


class SheetUnreadable(InvalidInput):
    """A sheet of another system cannot be read at all."""

    code = "sheet-unreadable"
    title = _("这张表读不了")


class SheetUnknown(NotFound):
    """There is no such sheet, or somebody else has uploaded it."""

    code = "sheet-unknown"
    title = _("没有这张表，或不是您上传的")


class SheetStarted(Conflict):
    """A sheet is being taken in, or has been: nothing of it is changed any more."""

    code = "sheet-started"
    title = _("这张表已经开始导入")


class TooLittleToLearn(Conflict):
    """There are too few closed matters to learn from."""

    code = "too-little-to-learn"
    title = _("办结的事项还太少，学不出来")
