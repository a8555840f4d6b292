"""Closed lists of mediation: subjects, powers, limits, and how an agreement was kept."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

DISPUTE: Final = "mediation.dispute"
DISPUTE_PROCEDURE: Final = "dispute"
SEE: Final = "disputes.see"
HANDLE: Final = "disputes.handle"

CONSULTATION: Final = "mediation.consultation"
CONSULTATION_PROCEDURE: Final = "counselling"
SEE_COUNSELLING: Final = "counselling.see"
HANDLE_COUNSELLING: Final = "counselling.handle"

MEDIATION: Final = "mediation"
AGREEMENT: Final = "agreement"
REVIEW: Final = "review"
TALK: Final = "talk"
# What a guard of the procedures waits for: each a record of this app, made in this very stay.
AWAITED: Final = {
    "mediated": MEDIATION,
    "agreement_signed": AGREEMENT,
    "agreement_kept": REVIEW,
    "agreement_reviewed": REVIEW,
    "talked": TALK,
}

# What each is sealed for; a text sealed for one opens for no other.
NAME: Final = "mediation.name"
PHONE: Final = "mediation.phone"
WORDS: Final = "mediation.words"

LONGEST_WORDS: Final = 3000  # characters
LONGEST_NAME: Final = 40
FEWEST_PARTIES: Final = 2
MOST_PARTIES: Final = 12
PARTIES_ASKED: Final = 4  # rows of the form; more are added on the record


class Kept(models.TextChoices):
    """Whether an agreement was kept, as found on the review."""

    KEPT = "kept", _("已履行")
    PARTLY = "partly", _("部分履行")
    BROKEN = "broken", _("没有履行")
