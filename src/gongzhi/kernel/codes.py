"""Area-code arithmetic: the statistical division code and its extension is the tree.

A code is 2 (province), 4 (city), 6 (district), 9 (street), 12 (community), 15 (grid),
18 (building) or 20 (staircase) ASCII digits. The parent of a code is its prefix at the next
shorter length, so "everything in this street" is a range scan over an index on the code.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from django.utils.translation import gettext as _

from gongzhi.kernel.errors import InvalidInput

Level = Literal[
    "province", "city", "district", "street", "community", "grid", "building", "staircase"
]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
LENGTHS: Final[dict[Level, int]] = {
    "province": 2,
    "city": 4,
    "district": 6,
    "street": 9,
    "community": 12,
    "grid": 15,
    "building": 18,
    "staircase": 20,
}
LONGEST: Final = 20
_LEVEL_BY_LENGTH: Final[dict[int, Level]] = {length: level for level, length in LENGTHS.items()}
_DIGITS: Final = frozenset("0123456789")


class InvalidCode(InvalidInput):
    """The text is not an area code, or the code has no such level."""

    code = "invalid-area-code"


def is_code(text: str) -> bool:
    """Whether *text* is written like an area code; says nothing about whether it exists."""
    return len(text) in _LEVEL_BY_LENGTH and _DIGITS.issuperset(text)


def check(text: str) -> str:
    """Return *text* unchanged when it is an area code; raise `InvalidCode` otherwise."""
    if not is_code(text):
        raise InvalidCode(
            _("“%(code)s”不是区划代码") % {"code": text[:40]},
            field="code",
            mend=_("代码为 2、4、6、9、12、15、18 或 20 位数字"),
        )
    return text


def level_of(code: str) -> Level:
    """Return the level of *code* by its length; raise `InvalidCode` for anything else."""
    return _LEVEL_BY_LENGTH[len(check(code))]


def parent(code: str) -> str | None:
    """Return the code one level up, or None for a province; raise `InvalidCode`."""
    at = LEVELS.index(level_of(code))
    return code[: LENGTHS[LEVELS[at - 1]]] if at else None


def ancestors(code: str, *, itself: bool = False) -> tuple[str, ...]:
    """Return the codes above *code*, province first, *itself* last when asked for."""
    longest = len(check(code))
    cut = (n for n in _LEVEL_BY_LENGTH if n < longest or (itself and n == longest))
    return tuple(code[:n] for n in cut)


def prefix_at(code: str, level: Level) -> str:
    """Return the part of *code* that names its area at *level*.

    Raises `InvalidCode` when *level* lies below the code: a street has no one grid.
    """
    length = LENGTHS[level]
    if length > len(check(code)):
        raise InvalidCode(
            _("代码 %(code)s 没有这一层级") % {"code": code},
            field="code",
            mend=_("请选到更下一级的区域"),
        )
    return code[:length]


def is_within(code: str, prefix: str) -> bool:
    """Whether *code* is the area *prefix* or lies inside it; the empty prefix holds nothing."""
    return bool(prefix) and code.startswith(prefix)


def child_level(level: Level) -> Level | None:
    """Return the level below *level*, or None below a staircase."""
    at = LEVELS.index(level) + 1
    return LEVELS[at] if at < len(LEVELS) else None


def child_code(parent_code: str, sequence: int) -> str:
    """Return the code of the *sequence*-th child of *parent_code*.

    Raises `InvalidCode` when the level has no children or the number does not fit its digits.
    """
    below = child_level(level_of(parent_code))
    digits = LENGTHS[below] - len(parent_code) if below else 0
    if not 0 < sequence < 10**digits:
        raise InvalidCode(
            _("代码 %(code)s 下没有第 %(n)s 个编号") % {"code": parent_code, "n": sequence},
            field="code",
            mend=_("请换一个上级区域或较小的序号"),
        )
    return f"{parent_code}{sequence:0{digits}d}"


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return (lo, hi) so that `lo <= code < hi` holds exactly for the codes within *prefix*.

    Meant for columns with COLLATE "C"; ':' is the character after '9'. Raises `InvalidCode`.
    """
    return check(prefix), f"{prefix}:"
