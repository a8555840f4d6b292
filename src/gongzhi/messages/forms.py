"""Shapes of what is entered on the pages of notices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.messages import rules
from gongzhi.messages.choices import LONGEST_ADDRESS


class MailForm(forms.Form):
    """Where one's own notices go by e-mail, and which kinds of them."""

    email = forms.CharField(
        label=_("邮箱"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=_("加密保存，只用来发通知。已经留过的，留空就不变。"),
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("哪些通知发邮件"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remove = forms.BooleanField(label=_("删除我的邮箱，不再发邮件"), required=False)

    def __init__(self, *args: Any, kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [kind for kind in rules.rules().kinds.values() if kind.key not in OUTSIDE]
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)  # for the type checker
        kinds.choices = [(kind.key, kind.name) for kind in offered]
        if not kept:
            del self.fields["remove"]


OUTSIDE = ("step",)  # told to residents alone
