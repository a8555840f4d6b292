"""Rows of a sheet as they are kept: sealed, with what is wrong and what is offered instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import orjson

from gongzhi.kernel import crypto
from gongzhi.matters.choices import RowState

PURPOSE: Final = "matters.sheet_row"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a row: the field, what, the mend, and what might be meant."""

    field: str
    message: str
    mend: str
    offer: str = ""


@dataclass(slots=True)
class Checked:
    """A row as checked: the texts of the file, what is meant by them, what is wrong."""

    line: int
    values: dict[str, str]
    meant: dict[str, str] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    known: bool = False

    @property
    def state(self) -> RowState:
        """Whether the row can be taken in."""
        if self.known:
            return RowState.KNOWN
        return RowState.BAD if self.wrong else RowState.GOOD

    def sealed(self) -> bytes:
        """Return the row as it is kept: it holds names and phones."""
        wrong = [[w.field, w.message, w.mend, w.offer] for w in self.wrong]
        plain = orjson.dumps({"values": self.values, "meant": self.meant, "wrong": wrong})
        return crypto.seal(plain.decode(), PURPOSE)


def opened_row(line: int, sealed: bytes | memoryview) -> Checked:
    """Return a row as it was kept."""
    plain = orjson.loads(crypto.open_sealed(bytes(sealed), PURPOSE))
    wrong = [Wrong(*one) for one in plain["wrong"]]
    return Checked(line, plain["values"], plain["meant"], wrong)
