"""Shapes of what is entered on the pages of webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from gongzhi.interchange import queries
from gongzhi.interchange.choices import EVENTS, LONGEST_NAME, LONGEST_URL
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.forms import ResolvedField


class EndpointForm(forms.Form):
    """A new endpoint."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("写明是哪个系统，如“市级平台”"),
    )
    url = forms.CharField(
        label=gettext_lazy("网址"),
        max_length=LONGEST_URL,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=gettext_lazy("对方接收推送的 https 网址"),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("推送哪些事件"),
        choices=[(name, event.label) for name, event in EVENTS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = ResolvedField(
            resolve=lambda words: queries.owner_named(actor, words),
            label=gettext_lazy("业务负责人"),
            help_text=gettext_lazy("用户名或姓名。只推送这个人的岗位现在看得到的事项"),
        )
