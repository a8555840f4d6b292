"""What a report may be drafted from: rooms blind to each other hand a draft over by name.

A room registers a source, as `visits.need`; another asks for the draft behind `visits.need:17`
and takes it inside its own action. What came of it travels back as a fact that names the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import NotFound

_CODE = re.compile(r"([a-z_]+\.[a-z_]+):([1-9]\d{0,17})", re.ASCII)
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Draft:
    """What need not be typed again; `note` says where it comes from, `url` leads back there."""

    words: str
    area: str
    place_text: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What a room offers under a name.

    `draft(actor, id)` gives the draft that *actor* may see. `take(actor=, source=)` marks it taken
    inside the running action, for one taker only. Both raise when there is none any more.
    """

    key: str
    draft: Callable[[Actor, int], Draft]
    take: Callable[..., None]


SOURCES: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Let others draft from *source*: called by its room when it is ready."""
    SOURCES[source.key] = source


def draft_of(actor: Actor, code: str) -> Draft:
    """Return the draft behind a code; raise `NotFound` for none, and what its room raises."""
    source, number = _found(code)
    return source.draft(actor, number)


def take(actor: Actor, code: str) -> None:
    """Mark the draft behind a code as taken, in the running action; raise as `draft_of` does."""
    source, number = _found(code)
    source.take(actor=actor, source=number)


def number_of(code: str, key: str) -> int | None:
    """Return the number in a code of this source, None in any other."""
    match = _CODE.fullmatch(code)
    return int(match[2]) if match and match[1] == key else None


def _found(code: str) -> tuple[Source, int]:
    match = _CODE.fullmatch(code)
    source = SOURCES.get(match[1]) if match else None
    if match is None or source is None:
        raise NotFound(_("没有这个来源"), mend=_("请回到原来的记录再点一次"))
    return source, int(match[2])
