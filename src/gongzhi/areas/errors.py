"""What can be wrong with areas."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, InvalidInput, NotFound


class AreaUnknown(NotFound):
    """No area has this code on the day asked for."""

    code = "area-unknown"
    title = _("没有这个区域")


class AliasUnknown(NotFound):
    """No such correspondence of codes holds now."""

    code = "alias-unknown"
    title = _("没有这个现行的对应关系")


class AreaSetUnknown(NotFound):
    """No such set of areas."""

    code = "area-set-unknown"
    title = _("没有这个区域组合")


class AreaOverlap(Conflict):
    """The code already names an area during part of the time."""

    code = "area-overlap"
    title = _("同一代码的有效期重叠")


class NotConserved(InvalidInput):
    """Households or residents would be lost or made by an adjustment."""

    code = "not-conserved"
    title = _("调整前后户数或人数不一致")


class RowsRefused(InvalidInput):
    """A file has rows that cannot be taken; nothing of it was written."""

    code = "rows-refused"
    title = _("文件中有不能导入的行，未写入任何内容")


class FileUnreadable(InvalidInput):
    """The file is not what its name says, or lacks the columns needed."""

    code = "file-unreadable"
    title = _("无法读取文件")


class DistrictUnreadable(InvalidInput):
    """A district folder lacks something or contradicts itself."""

    code = "district-unreadable"
    title = _("区县资料有误")
