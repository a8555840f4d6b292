"""The lists that somebody keeps under names of his own."""

from __future__ import annotations

from dataclasses import dataclass

from gongzhi.kernel.actor import Actor
from gongzhi.matters.models import SavedList


@dataclass(frozen=True, slots=True)
class Saved:
    """One kept list: its name, and what stands behind the question mark of its address."""

    name: str
    query: str


def saved_lists(actor: Actor) -> list[Saved]:
    """Return the actor's own lists in the order they were kept."""
    found = SavedList.objects.filter(account=actor.account or 0).order_by("id")
    return [Saved(*one) for one in found.values_list("name", "query")]
