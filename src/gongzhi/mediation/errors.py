"""What can be refused about disputes and consultations, each with its code and mend."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, InvalidInput, NotFound


class RecordUnknown(NotFound):
    """There is no such dispute or consultation, or the actor may not know of it."""

    code = "record-unknown"
    title = _("没有这条记录，或您看不到它")


class RecordInvalid(InvalidInput):
    """What was entered cannot be taken as it is."""

    code = "record-invalid"


class NothingToReveal(Conflict):
    """Names and phones were erased, or none were left."""

    code = "nothing-to-reveal"
    title = _("姓名和电话没有留下，或已按期删除")
