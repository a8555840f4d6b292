"""The items and the written answers of cases, for those who narrow a list of cases by them."""

from __future__ import annotations

from django.db.models import QuerySet

from gongzhi.procedures.models import Entry, WorkItem


def steps() -> QuerySet[WorkItem]:
    """Return every item; whoever asks narrows cases that the reader may see."""
    return WorkItem.objects.all()


def written() -> QuerySet[Entry]:
    """Return every entry; whoever asks narrows cases that the reader may see."""
    return Entry.objects.all()
