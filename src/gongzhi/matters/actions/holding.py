"""The lock under which matters are joined, merged, split and judged: their cases, then they."""

from __future__ import annotations

from gongzhi.procedures.actions import hold_case


def hold_cases(*cases: int) -> None:
    """Hold the cases of matters until the action ends, in one order for everybody.

    Always before any matter is written, as a move does: else two would wait for each other.
    """
    for case in sorted(set(cases)):
        hold_case(case)
