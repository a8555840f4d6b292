"""What can be refused about visits, each with its code and mend."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, InvalidInput, NotFound


class VisitUnknown(NotFound):
    """There is no such visit or need, or the actor may not know of it."""

    code = "visit-unknown"
    title = _("没有这次走访，或您看不到它")


class VisitInvalid(InvalidInput):
    """What was entered cannot be taken as it is."""

    code = "visit-invalid"


class VisitErased(Conflict):
    """The words of the visit are gone: nothing more is written beside them."""

    code = "visit-erased"
    title = _("保存期满，这次走访的内容已经删除")


class NeedTaken(Conflict):
    """The need was made a matter already."""

    code = "need-taken"
    title = _("这条需求已经转为事项了，不用再登记")
