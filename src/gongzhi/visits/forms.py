"""Shapes of what is entered about visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel import clock
from gongzhi.kernel.forms import long_text
from gongzhi.visits.actions import NewNeed
from gongzhi.visits.choices import (
    LONGEST_HEARD,
    LONGEST_NEED,
    LONGEST_PLACE,
    LONGEST_PROMISE,
    LONGEST_RESULT,
    MOST_NEEDS,
    NEEDS_ASKED,
)
from gongzhi.visits.purposes import purposes


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **more)


def rows_of(given: Mapping[str, Any]) -> int:
    """Return how many rows for needs a form was shown with."""
    text = str(given.get("rows", ""))
    wanted = int(text) if text.isdecimal() and len(text) < 4 else NEEDS_ASKED
    return min(max(wanted, NEEDS_ASKED), MOST_NEEDS)


class VisitForm(forms.Form):
    """A visit, and below it some rows for needs; empty rows are left out."""

    visited_on = _day(_("哪天去的"), initial=clock.today)
    purpose = forms.ChoiceField(label=_("为什么去"), widget=forms.RadioSelect)
    place_text = forms.CharField(
        label=_("去了哪一户、哪个单位"),
        max_length=LONGEST_PLACE,
        required=False,
        help_text=_("写门牌或单位名称，不用写姓名。比如：3号楼2单元402。"),
    )
    heard = long_text(_("听到什么"), LONGEST_HEARD, rows=4, required=False)

    def __init__(self, *args: Any, rows: int = NEEDS_ASKED, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = rows
        offered = list(purposes().items())
        self.fields["purpose"].choices = offered  # type: ignore[attr-defined]
        for n in range(1, rows + 1):
            number = {"n": n}
            self.fields[f"words_{n}"] = long_text(
                _("需求 %(n)d：需要什么") % number, LONGEST_NEED, rows=2, required=False
            )
            self.fields[f"promise_{n}"] = forms.CharField(
                label=_("需求 %(n)d：答应了什么") % number,
                max_length=LONGEST_PROMISE,
                required=False,
            )
            self.fields[f"promised_for_{n}"] = _day(
                _("需求 %(n)d：哪天以前") % number, required=False
            )

    def rows(self) -> list[tuple[int, Any, Any, Any]]:
        """Return the needs' fields, row by row."""
        asked = range(1, self.count + 1)
        return [
            (n, self[f"words_{n}"], self[f"promise_{n}"], self[f"promised_for_{n}"]) for n in asked
        ]

    def needs(self) -> tuple[NewNeed, ...]:
        """Return the rows as they were written, empty ones too: a problem is told by its row."""
        given = self.cleaned_data
        return tuple(
            NewNeed(
                words=given[f"words_{n}"],
                promise=given[f"promise_{n}"],
                promised_for=given[f"promised_for_{n}"],
            )
            for n in range(1, self.count + 1)
        )


class ResultForm(forms.Form):
    """What came of a need."""

    result = long_text(_("办得怎样"), LONGEST_RESULT, rows=2)
