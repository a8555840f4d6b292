"""One matter as staff read it: its words, place, photos and the masked reporter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.areas.queries import path_name
from gongzhi.kernel import crypto, references
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.sql import row
from gongzhi.matters.choices import SUBJECT, Channel
from gongzhi.matters.errors import MatterUnknown
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.queries.photos import PhotoInfo
from gongzhi.organisations import queries as organisations
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.errors import CaseUnknown

NAME_PURPOSE = "matters.reporter_name"
PHONE_PURPOSE = "matters.reporter_phone"
TAIL_PURPOSE = "matters.reporter_tail"
TAIL = 4  # digits of a phone by which its owner proves to have reported a matter


@dataclass(frozen=True, slots=True)
class ReporterShown:
    """What of the reporter may be shown to this actor: always masked.

    `hidden` says that this actor is told nothing (departments and property companies, who is
    recused, the unit complained of); `revealable` that it may see more for a recorded reason.
    """

    name: str = ""
    phone: str = ""
    anonymous: bool = False
    hidden: bool = False
    revealable: bool = False


@dataclass(frozen=True, slots=True)
class MatterDetail:
    """A matter with the state of its case (`state`), for pages and the API."""

    id: int
    state: procedures.CaseState
    title: str
    words: str
    category: str
    category_name: str
    channel: str
    channel_name: str
    place: str
    place_text: str
    area: str
    lon: float | None
    lat: float | None
    reported_at: datetime
    reporter: ReporterShown
    photos: tuple[PhotoInfo, ...]
    solved: str
    satisfaction: str
    accused: int | None = None
    accused_name: str = ""

    @property
    def reference(self) -> str:
        """The reference number of the case."""
        return self.state.reference

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form the API gives out."""
        state = self.state
        return {
            "reference": state.reference,
            "case": state.id,
            "title": self.title,
            "words": self.words,
            "category": self.category,
            "category_name": self.category_name,
            "channel": self.channel,
            "area": self.area,
            "place": self.place,
            "place_text": self.place_text,
            "lon": self.lon,
            "lat": self.lat,
            "reported_at": self.reported_at,
            "status": state.status,
            "stage": state.stage,
            "stage_name": state.stage_name,
            "owner_label": state.owner_label,
            "outcome": state.outcome,
            "outcome_kind": state.outcome_kind,
            "outcome_name": state.outcome_name,
            "due_at": state.due_at,
            "due_basis": state.due_basis,
            "light": state.light if state.is_open else "",
            "closed_at": state.closed_at,
            "revision": state.revision,
            "solved": self.solved,
            "satisfaction": self.satisfaction,
            "reporter": {
                "name": self.reporter.name,
                "phone": self.reporter.phone,
                "anonymous": self.reporter.anonymous,
                "hidden": self.reporter.hidden,
            },
            "photos": [photo.as_dict() for photo in self.photos],
        }


_PLAIN = (
    "id",
    "title",
    "words",
    "category",
    "channel",
    "place_text",
    "lon",
    "lat",
    "reported_at",
    "solved",
    "satisfaction",
    "accused",
)


def get_matter(actor: Actor, reference: str) -> MatterDetail:
    """Return the matter that *actor* may see under this reference; raise `MatterUnknown`."""
    return matter_for(actor, case_of(actor, reference))


def matter_for(actor: Actor, case: procedures.CaseState) -> MatterDetail:
    """Return the matter of a case that was read for *actor*; raise `MatterUnknown`."""
    matter = row("matters", "matter_of_case", {"case": case.id})
    if matter is None:
        raise MatterUnknown(field="reference")
    return MatterDetail(
        state=case,
        category_name=_category(matter["category"]),
        channel_name=str(Channel(matter["channel"]).label),
        place=path_name(case.area),
        area=case.area,
        reporter=_shown(actor, matter, case),
        accused_name=_organisation(matter["accused"]),
        photos=tuple(map(_photo, matter["photos"] or ())),
        **{name: matter[name] for name in _PLAIN},
    )


def case_of(actor: Actor, reference: str) -> procedures.CaseState:
    """Return the case of a matter that *actor* may see; raise `MatterUnknown`."""
    try:
        case = procedures.case_by_reference(actor, reference)
    except CaseUnknown:
        raise MatterUnknown(field="reference") from None
    if case.subject != SUBJECT:
        raise MatterUnknown(field="reference")
    return case


def matter_of(case: procedures.CaseState) -> Matter:
    """Return the matter of a case; raise `MatterUnknown`."""
    found = Matter.objects.filter(case_id=case.id).first()
    if found is None:
        raise MatterUnknown(field="reference")
    return found


def case_and_matter(actor: Actor, reference: str) -> tuple[procedures.CaseState, Matter]:
    """Return a visible matter with the state of its case; raise `MatterUnknown`."""
    case = case_of(actor, reference)
    return case, matter_of(case)


def _photo(found: Sequence[Any]) -> PhotoInfo:
    columns = dict(zip(PhotoInfo.__slots__, found, strict=True))
    return PhotoInfo(**{**columns, "at": datetime.fromisoformat(columns["at"])})


def normal_reference(reference: str) -> str:
    """Return a reference in its one written form; raise `MatterUnknown` for none of ours."""
    try:
        return references.check(reference)
    except references.InvalidReference:
        raise MatterUnknown(field="reference") from None


def _organisation(organisation: int | None) -> str:
    if organisation is None:
        return ""
    return organisations.organisation_names([organisation]).get(organisation, "")


def _category(code: str) -> str:
    return category_book().name(code) if code else ""


def _must_not_know(actor: Actor, matter: Mapping[str, Any], case: procedures.CaseState) -> bool:
    """Whether *actor* may never learn who reported, whatever its posts at the place allow.

    That is who is recused from the case, or from the one that goes on for it, and who holds a
    post in the organisation complained of or in one below it.
    """
    if actor.account is not None and actor.account in (*case.recused, *matter["kept_away"]):
        return True
    own = {post.organisation for post in actor.posts if post.organisation}
    if matter["accused"] is None or not own:
        return False
    return matter["accused"] in organisations.with_those_above(own)


def _shown(actor: Actor, matter: Mapping[str, Any], case: procedures.CaseState) -> ReporterShown:
    """Return the masked reporter; only a post at the place itself is told anything at all."""
    area = case.area
    hidden = not actor.may("matters.see", area=area)
    if hidden or _must_not_know(actor, matter, case):
        return ReporterShown(hidden=True)
    if not matter["named"]:
        return ReporterShown(anonymous=True)
    name = opened(matter["name_sealed"], NAME_PURPOSE)
    phone = opened(matter["phone_sealed"], PHONE_PURPOSE)
    return ReporterShown(
        name=crypto.mask_name(name),
        phone=crypto.mask_phone(phone),
        anonymous=matter["anonymous"],
        revealable=actor.may("people.reveal", area=area),
    )


def opened(sealed: bytes | memoryview | None, purpose: str) -> str:
    """Return the text of a sealed field, '' for none."""
    return crypto.open_sealed(bytes(sealed), purpose) if sealed else ""


def tail_index(matter: int, digits: str) -> bytes:
    """Return the blind index of a phone's last digits, bound to the matter.

    The same digits have another index in every matter: two matters cannot be seen to have been
    reported by the same phone, and nobody can be looked for by the digits.
    """
    return crypto.blind_index(f"{matter}:{digits}", TAIL_PURPOSE)
