"""Keeping a narrowed list under a name, and letting it go."""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.matters.models import SavedList

MOST = 12
_LONGEST_NAME = 20
_LONGEST_QUERY = 500


@action
def save_list(*, actor: Actor, name: str, asked: dict[str, str]) -> None:
    """Keep what a list is narrowed to under *name*; the same name is written over.

    Raises `InvalidInput` for no name, too long a one, and more lists than fit a row of tabs.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME or "\x00" in name:
        raise InvalidInput(_("请给这个视图起个名字"), field="name", mend=_("1 到 20 个字"))
    query = urlencode(asked)
    if len(query) > _LONGEST_QUERY or "%00" in query:
        raise InvalidInput(_("条件太长，存不下"), field="name", mend=_("请去掉一些条件"))
    mine = SavedList.objects.filter(account=actor.account or 0)
    if mine.exclude(name=name).count() >= MOST:
        mend = _("请先删去一个不用的")
        raise InvalidInput(_("最多存 %(n)d 个视图") % {"n": MOST}, field="name", mend=mend)
    SavedList.objects.update_or_create(
        account=actor.account or 0, name=name, defaults={"query": query}
    )


@action
def drop_list(*, actor: Actor, name: str) -> None:
    """Let a kept list go; one that is not there is gone already."""
    SavedList.objects.filter(account=actor.account or 0, name=name).delete()
