"""What is wrong with a definition, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongzhi.kernel.errors import FieldProblem, InvalidInput


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a file: line (from 1), what is wrong, and the mend, in the reader's words."""

    file: str
    line: int
    message: str
    mend: str = ""

    def __str__(self) -> str:
        """`file:line: message。修改：mend`, the form editors can jump to."""
        mend = f" 修改：{self.mend}" if self.mend else ""
        return f"{self.file}:{self.line}: {self.message}。{mend}".rstrip()


class DefinitionInvalid(InvalidInput):
    """A definition that cannot be read or cannot work; `found` says all that is wrong with it."""

    code = "definition-invalid"

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in found))
        self.found = tuple(found)
        self.problems = tuple(
            FieldProblem(f"{problem.file}:{problem.line}", problem.message, problem.mend)
            for problem in found
        )
