"""Adds photos to matters: by staff who handle one, or by its reporter with the secret."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.matters import pictures, policies
from gongzhi.matters.actions.holding import hold_cases
from gongzhi.matters.choices import MOST_FOLLOWERS_PHOTOS, MOST_PHOTOS, Origin
from gongzhi.matters.errors import TooManyPhotos
from gongzhi.matters.facts import PhotoAttached
from gongzhi.matters.models import Matter, Photo
from gongzhi.matters.queries.detail import case_and_matter
from gongzhi.matters.queries.photos import PhotoInfo, path_of
from gongzhi.matters.queries.public import matter_with_secret
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.errors import CaseClosed


@action
def attach_photo(*, actor: Actor, reference: str, content: bytes, secret: str = "") -> PhotoInfo:
    """Add a photo to an open matter and return it; the same picture again gives the first.

    With *secret* the reporter adds it, else staff who see and handle the matter. Raises
    `PhotoRefused`, `TooManyPhotos`, `MatterUnknown`, `SecretWrong`, `NotAllowed`, `CaseClosed`.
    """
    if secret:
        matter = matter_with_secret(reference, secret)
        case, origin = procedures.state_of(matter.case), Origin.REPORTER
    else:
        case, matter = case_and_matter(actor, reference)
        require(policies.can_attach(actor))
        origin = Origin.STAFF
    if not case.is_open:
        raise CaseClosed()
    picture = pictures.read_picture(content)
    return attach_all(case, matter, [picture], origin=origin, by=actor.account)[0]


@action
def keep_answer_photos(*, actor: Actor, case: int, contents: Sequence[bytes]) -> None:
    """Keep the photos that came with an answer through a link, for those who handle the matter.

    Raises `PhotoRefused`, `TooManyPhotos`.
    """
    if len(contents) > MOST_PHOTOS:
        raise _too_many(MOST_PHOTOS, field="photos")
    given = [pictures.read_picture(raw, field="photos") for raw in contents]
    matter = Matter.objects.get(case_id=case)
    state = procedures.case_state(case)
    attach_all(state, matter, given, origin=Origin.ANSWER, by=actor.account)


def attach_all(
    case: procedures.CaseState,
    matter: Matter,
    given: Sequence[pictures.Picture],
    *,
    origin: Origin,
    by: int | None,
) -> list[PhotoInfo]:
    """Add pictures to a matter within the running action; return them in the order given."""
    hold_cases(case.id)  # two who add at once do not pass the most there may be
    wanted = {picture.digest: picture for picture in given}
    kept = {p.digest: p for p in Photo.objects.filter(matter=matter, digest__in=wanted)}
    fresh = [picture for digest, picture in wanted.items() if digest not in kept]
    if fresh:
        _refuse_too_many(matter, origin, case.stage, len(fresh))
        for photo in keep_photos(matter, fresh, origin=origin, stage=case.stage, by=by):
            kept[photo.digest] = photo
            fact = PhotoAttached(matter=matter.pk, photo=photo.pk, origin=origin.value)
            emit(fact, area=case.area, case=case.id)
    return [
        PhotoInfo(p.pk, p.digest, p.width, p.height, p.origin, p.stage, p.at)
        for p in map(kept.__getitem__, wanted)
    ]


def _refuse_too_many(matter: Matter, origin: Origin, stage: str, more: int) -> None:
    if origin == Origin.ANSWER:
        return  # each link answers once, with no more than its own answer may hold
    kept = Photo.objects.filter(matter=matter, origin=origin)
    if origin == Origin.STAFF:
        kept = kept.filter(stage=stage)
    most = MOST_FOLLOWERS_PHOTOS if origin == Origin.FOLLOWER else MOST_PHOTOS
    if kept.count() + more > most:
        raise _too_many(most)


def _too_many(most: int, field: str = "photo") -> TooManyPhotos:
    mend = _("最多 %(n)d 张，请挑选最能说明情况的") % {"n": most}
    return TooManyPhotos(field=field, mend=mend)


def keep_photos(
    matter: Matter,
    given: Sequence[pictures.Picture],
    *,
    origin: Origin,
    stage: str,
    by: int | None = None,
) -> list[Photo]:
    """Put the bytes away and write the rows, in one statement; equal pictures count once."""
    unique = {picture.digest: picture for picture in given}
    for picture in unique.values():
        pictures.keep(picture, path_of)
    return Photo.objects.bulk_create(
        Photo(
            matter=matter,
            digest=p.digest,
            width=p.width,
            height=p.height,
            size=len(p.content),
            origin=origin.value,
            stage=stage,
            at=clock.now(),
            by=by,
        )
        for p in unique.values()
    )
