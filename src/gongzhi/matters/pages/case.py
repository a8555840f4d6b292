"""What a matter shows on the page of its case, and what can be done with it beside the moves."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gongzhi.kernel import codes
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.actor import Actor
from gongzhi.matters import actions, forms, policies, queries
from gongzhi.matters.choices import FOR_REPORTER, SEE, Origin
from gongzhi.matters.pages import pictures
from gongzhi.matters.queries import Filters, MatterDetail
from gongzhi.matters.queries.accused import accusable
from gongzhi.matters.replies import replies_for
from gongzhi.procedures.choices import Face, Step

_COMMUNITY = codes.LENGTHS["community"]


@access(SEE, face="desk")
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead whoever may see the matter on to the page of its case."""
    found = queries.get_matter(actor_of(request), reference)
    return redirect("procedures:case", found.reference)


@access(SEE, face="desk")
@require_safe
def photo(request: HttpRequest, reference: str, photo: int, size: str) -> HttpResponse:
    """Answer a photo of a matter the reader may see."""
    small = pictures.is_small(size)
    return pictures.picture(queries.photo_for(actor_of(request), reference, photo, thumbnail=small))


def _photos(matter: MatterDetail, *origins: str) -> list[dict[str, Any]]:
    found = tuple(one for one in matter.photos if one.origin in origins)
    return pictures.shown(found, "matters:photo", matter.reference)


def _context(actor: Actor, matter: MatterDetail) -> dict[str, Any]:
    return {
        "matter": matter,
        "photos": _photos(matter, *FOR_REPORTER),
        "photos_of_others": [
            (_("回答提问时附的照片"), _photos(matter, Origin.ANSWER)),
            (_("跟进的人附的照片"), _photos(matter, Origin.FOLLOWER)),
        ],
        "community": matter.area[:_COMMUNITY],
        "related": _related(actor, matter),
    }


def _related(actor: Actor, matter: MatterDetail) -> dict[str, Any] | None:
    """Return how many of the same kind the reader sees in this community."""
    known = queries.category_book().categories.get(matter.category)
    if known is None or not known.parent:
        return None
    area = matter.area[:_COMMUNITY]
    asked = Filters(category=known.parent, area=area)
    return {
        "count": queries.counts(actor, asked).total,
        "area": area,
        "category": known.parent,
        "name": queries.category_name(known.parent),
    }


def _may_describe(actor: Actor, matter: MatterDetail) -> bool:
    return matter.state.is_open and bool(policies.can_describe(actor, matter.state))


_STEPS: tuple[Step, ...] = (
    Step(
        "locate",
        _("改地点"),
        _may_describe,
        lambda d: actions.locate_matter(actor=d.actor, reference=d.record.reference, area=d.area),
        Form,
        moves=False,
    ),
    Step(
        "classify",
        _("改分类"),
        _may_describe,
        lambda d: actions.classify_matter(
            actor=d.actor, reference=d.record.reference, category=d.data["category"]
        ),
        forms.CategoryForm,
        moves=False,
        more=lambda matter: {"initial": {"category": matter.category}},
    ),
    Step(
        "accuse",
        _("写明被反映单位"),
        lambda a, m: bool(policies.can_name_accused(a, m.state)),
        lambda d: actions.name_accused(
            actor=d.actor, reference=d.record.reference, organisation=d.data["organisation"]
        ),
        forms.AccusedForm,
        moves=False,
        more=lambda m: {
            "units": accusable(m.state),
            "initial": {"organisation": m.accused or ""},
        },
    ),
    Step(
        "reveal",
        _("查看（须说明用途）"),
        lambda a, m: m.reporter.revealable and bool(m.reporter.name or m.reporter.phone),
        lambda d: actions.reveal_reporter(actor=d.actor, reference=d.record.reference, **d.data),
        forms.RevealForm,
        moves=False,
        answers=True,
    ),
)


def _replies(matter: MatterDetail) -> list[Any]:
    return replies_for(matter.state.stage, queries.category_book().lineage(matter.category))


def _likely(matter: MatterDetail) -> list[queries.Likely]:
    return queries.likely_organisations(matter.category) if matter.category else []


FACE = Face(
    "matters/case.html",
    queries.matter_for,
    actions.move_matter,
    _context,
    _STEPS,
    _replies,
    _likely,
)
