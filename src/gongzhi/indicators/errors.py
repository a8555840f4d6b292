"""What can go wrong with the book of measures and with asking for figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the book: file, line, what is wrong, and the mend."""

    file: str
    line: int
    message: str
    mend: str

    def __str__(self) -> str:
        """`file:line: message。修改：mend`, the form editors can jump to."""
        return f"{self.file}:{self.line}: " + gettext("%(message)s。修改：%(mend)s") % {
            "message": self.message,
            "mend": self.mend,
        }


class BookInvalid(InvalidInput):
    """The book of measures and indicators cannot be read or cannot work."""

    code = "indicators-invalid"
    title = _("指标定义有误")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


class PlaceOutOfReach(NotFound):
    """No such area, or none that the reader's posts cover."""

    code = "figures-area-unknown"
    title = _("没有这个区域，或不在您的范围")


class NoSuchFigure(InvalidInput):
    """An indicator, period, or cut that is not known."""

    code = "figures-unknown"
    title = _("没有这个选项")
