"""Following a matter somebody else reported: one case, several reporters, each with a link."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from gongzhi.kernel import clock, crypto
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.policy import require
from gongzhi.matters import pictures, policies
from gongzhi.matters.actions.checking import NewMatter, check_report
from gongzhi.matters.actions.holding import hold_cases
from gongzhi.matters.actions.photos import attach_all
from gongzhi.matters.choices import PROCEDURE, SUBJECT, Channel, Origin
from gongzhi.matters.errors import MatterUnknown, NotToFollow
from gongzhi.matters.facts import MatterFollowed
from gongzhi.matters.models import CoReporter, Matter, Reporter
from gongzhi.matters.queries.detail import NAME_PURPOSE, PHONE_PURPOSE, normal_reference
from gongzhi.matters.queries.public import fresh_secret, secret_for, secret_hash
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import supervise_by_itself
from gongzhi.procedures.choices import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who follows, as far as he says so, and what he adds for those who handle it: words, photos.

    The same `submit_key` twice is one follower.
    """

    words: str = ""
    name: str = ""
    phone: str = ""
    channel: str = Channel.WEB.value
    submit_key: str = ""
    photos: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """The reference of the matter that goes on, and the follower's own secret, told once."""

    reference: str
    secret: str
    case: int
    again: bool = False


@action
def follow_matter(*, actor: Actor, reference: str, contact: Contact) -> Joined:
    """Let somebody follow an open matter instead of reporting it again.

    Raises `MatterUnknown`, `NotToFollow`, `MatterInvalid`, `PhotoRefused`, `TooManyPhotos`,
    `NotAllowed`.
    """
    require(policies.can_report(actor, contact.channel))
    checked = _checked(contact)
    photos = [pictures.read_picture(raw, field="photos") for raw in contact.photos]
    matter = _open_matter(reference)
    key = checked.submit_key
    secret = secret_for(key) if key else fresh_secret()
    hashed = secret_hash(key) if key else None
    if key and CoReporter.objects.filter(submit_hash=hashed).exists():
        return Joined(matter.case.reference, secret, matter.case_id, again=True)
    name, phone = checked.name, checked.phone
    joined = CoReporter.objects.create(
        matter=matter,
        words=contact.words.strip(),
        channel=contact.channel,
        secret_hash=secret_hash(secret),
        submit_hash=hashed,
        name_sealed=crypto.seal(name, NAME_PURPOSE) if name else None,
        phone_sealed=crypto.seal(phone, PHONE_PURPOSE) if phone else None,
        phone_index=crypto.blind_index(phone, PHONE_PURPOSE) if phone else None,
        joined_at=clock.now(),
        joined_by=actor.account,
    )
    fact = MatterFollowed(matter.pk, joined.pk, contact.channel)
    emit(fact, area=matter.case.area, case=matter.case_id)
    if photos:
        state = procedures.case_state(matter.case_id)
        attach_all(state, matter, photos, origin=Origin.FOLLOWER, by=actor.account)
    count_reporters(matter)
    return Joined(matter.case.reference, secret, matter.case_id)


def count_reporters(main: Matter) -> None:
    """Put a matter under supervision that was reported by as many as its procedure says.

    Anybody may follow, as often as he likes: of followers only those count who left a phone that
    nobody else of this matter left.
    """
    concerned = Q(matter=main) | Q(matter__main=main)
    left = CoReporter.objects.filter(concerned).values_list("phone_index", flat=True)
    known = Reporter.objects.filter(concerned).values_list("phone_index", flat=True)
    followers = {bytes(one) for one in left if one} - {bytes(one) for one in known if one}
    count = 1 + Matter.objects.filter(main=main).count() + len(followers)
    supervise_by_itself(procedures.case_state(main.case_id), Trigger.REPEATED, count)


def _checked(contact: Contact) -> NewMatter:
    """Return name, phone and key as a report's would be kept; raise `MatterInvalid`."""
    given = {field: getattr(contact, field) for field in contact.__slots__}
    return check_report(NewMatter(**{**given, "words": contact.words or "-"}))


def _open_matter(reference: str) -> Matter:
    """Return the open matter, or the one that goes on for it, held until the action ends."""
    wanted = normal_reference(reference)
    found = Matter.objects.filter(case__reference=wanted, case__procedure=PROCEDURE)
    matter = found.select_related("main").first()
    if matter is None or not procedures.matching(SYSTEM, reference=wanted, subject=SUBJECT):
        raise MatterUnknown(field="reference")
    main = matter.main or matter
    # Held, so that it is not merged into another while somebody joins it.
    hold_cases(main.case_id)
    held = Matter.objects.select_related("case").get(pk=main.pk)
    if held.case.status != "open" or held.main_id:
        raise NotToFollow(_("这件已经办结"), mend=_("仍有问题的，请另外反映"))
    return held
