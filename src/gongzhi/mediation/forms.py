"""Shapes of what is entered on the pages of disputes and consultations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel import clock
from gongzhi.kernel.forms import long_text
from gongzhi.mediation.choices import (
    FEWEST_PARTIES,
    LONGEST_NAME,
    LONGEST_WORDS,
    PARTIES_ASKED,
    Kept,
)
from gongzhi.mediation.kinds import kinds
from gongzhi.people.choices import REVEAL_REASONS


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **more)


def _name(label: Any, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=LONGEST_NAME, widget=widget, **more)


def _phone(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"})
    return forms.CharField(label=label, max_length=30, required=False, widget=widget)


class DisputeForm(forms.Form):
    """A new dispute: its kind, what it is about, and the parties row by row."""

    kind = forms.ChoiceField(label=_("哪一类"))
    about = long_text(_("为什么事争执"), LONGEST_WORDS, rows=5, help_text=_("加密保存。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("请选择")), *kinds().items()]
        self.fields["kind"].choices = offered  # type: ignore[attr-defined]
        for n in range(1, PARTIES_ASKED + 1):
            needed = n <= FEWEST_PARTIES
            name, phone = _("第 %(n)d 方：姓名或单位"), _("第 %(n)d 方：电话")
            self.fields[f"name_{n}"] = _name(name % {"n": n}, required=needed)
            self.fields[f"phone_{n}"] = _phone(phone % {"n": n})

    def rows(self) -> list[tuple[int, Any, Any]]:
        """Return the parties' fields, row by row."""
        asked = range(1, PARTIES_ASKED + 1)
        return [(n, self[f"name_{n}"], self[f"phone_{n}"]) for n in asked]

    def parties(self) -> tuple[tuple[str, str], ...]:
        """Return the parties that were written; a row without any word is left out."""
        given = self.cleaned_data
        asked = range(1, PARTIES_ASKED + 1)
        found = [(given[f"name_{n}"], given[f"phone_{n}"]) for n in asked]
        return tuple(one for one in found if any(one))


class PartyForm(forms.Form):
    """One more party."""

    name = _name(_("姓名或单位"))
    phone = _phone(_("电话"))


class MediationForm(forms.Form):
    """One mediation: when, who led it, what was said."""

    held_on = _day(_("哪天调解的"), initial=clock.today)
    led = _name(_("谁主持"))
    words = long_text(_("调解情况"), LONGEST_WORDS, rows=5, help_text=_("加密保存。"))


class AgreementForm(forms.Form):
    """What was agreed, and by when it is to be kept."""

    words = long_text(_("协议内容"), LONGEST_WORDS, rows=5, help_text=_("加密保存。"))
    agreed_on = _day(_("哪天签的"), initial=clock.today)
    due_on = _day(_("履行到哪天"), required=False)


class ReviewForm(forms.Form):
    """What a review found."""

    held_on = _day(_("哪天回访的"), initial=clock.today)
    result = forms.ChoiceField(
        label=_("履行得怎样"), choices=Kept.choices, widget=forms.RadioSelect
    )
    words = long_text(_("双方怎么说"), LONGEST_WORDS, rows=3, required=False)


class RevealForm(forms.Form):
    """Why somebody looks at names and phones."""

    reason = forms.ChoiceField(label=_("为什么要看"), choices=REVEAL_REASONS)
    words = forms.CharField(
        label=_("说明"), max_length=500, required=False, help_text=_("选“其他”时须写明。")
    )


class ConsultationForm(forms.Form):
    """Who asks to be counselled, and why."""

    name = _name(_("怎么称呼"), help_text=_("加密保存，只有心理疏导员看得到。"))
    phone = _phone(_("电话"))
    about = long_text(_("因为什么"), LONGEST_WORDS, rows=5, help_text=_("加密保存。"))


class TalkForm(forms.Form):
    """One talk."""

    held_on = _day(_("哪天谈的"), initial=clock.today)
    words = long_text(_("谈了什么"), LONGEST_WORDS, rows=5, help_text=_("加密保存。"))
