"""Shapes of what is entered on the pages of matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.areas import queries as areas
from gongzhi.matters import queries
from gongzhi.matters.choices import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_VERDICT,
    LONGEST_WORDS,
    Channel,
    Satisfaction,
)
from gongzhi.organisations import queries as organisations
from gongzhi.people.choices import REVEAL_REASONS


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Several photos at once; cleaned to their bytes. What they are is checked by content."""

    def __init__(self, **more: Any) -> None:
        widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp"})
        super().__init__(widget=widget, required=more.pop("required", False), **more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the bytes of every file chosen."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
        return [super(PhotosField, self).clean(one, initial).read() for one in files]


def _long(label: Any, most: int, *, rows: int = 4, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


def category_choices() -> list[tuple[str, Any]]:
    """Return the categories of the lowest level, grouped under those of the first."""
    book = queries.category_book()
    groups: list[tuple[str, Any]] = []
    for top in book.children():
        below = [c for c in map(book.categories.get, book.below(top.code)) if c]
        parents = {c.parent for c in below}
        leaves = [(c.code, c.name) for c in below if c.code not in parents]
        groups.append((top.name, leaves))
    return groups


class WhatForm(forms.Form):
    """First step of a report: words, photos, and the kind of matter."""

    words = _long(
        _("什么事"), LONGEST_WORDS, rows=5, help_text=_("想到什么写什么，不用写得很正式。")
    )
    photos = PhotosField(label=_("照片"), help_text=_("最多9张。照片里的定位和机型会去掉。"))
    category = forms.ChoiceField(
        label=_("属于哪一类"), required=False, help_text=_("不清楚就空着，由工作人员来选。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blank: list[Any] = [("", _("不清楚"))]
        self.fields["category"].choices = blank + category_choices()  # type: ignore[attr-defined]


class WhereForm(forms.Form):
    """Second step: a point, or a chosen area, or words."""

    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    place_text = forms.CharField(
        label=_("补充说明位置"),
        max_length=LONGEST_PLACE,
        required=False,
        help_text=_("比如：3号楼北侧，靠近垃圾房。"),
    )


class ContactForm(forms.Form):
    """Third step: how to reach the reporter, all of it optional."""

    name = forms.CharField(
        label=_("怎么称呼您"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("手机或电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


class FollowForm(forms.Form):
    """The code of a matter, and for its steps the last digits of the phone left with it."""

    reference = forms.CharField(
        label=_("编号"),
        max_length=40,
        help_text=_("像 CC-2611-04827-3，大小写和横线都不要紧。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    digits = forms.RegexField(
        r"^\d{4}$",
        label=_("反映时留的电话，后四位"),
        required=False,
        help_text=_("填了能看经过；不填只看到哪一步了。"),
        error_messages={"invalid": _("请填四位数字，或空着")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "maxlength": "4"}
        ),
    )


class VerdictForm(forms.Form):
    """Whether it is solved, how satisfied, and what else there is to say."""

    satisfaction = forms.ChoiceField(
        label=_("对办理满意吗"),
        required=False,
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
    )
    words = _long(_("想说的话"), LONGEST_VERDICT, rows=3, required=False)
    solved = forms.ChoiceField(choices=[("1", _("解决了")), ("0", _("没解决"))])


class NewMatterForm(WhatForm):
    """A report that staff enter for somebody at the window or on the phone."""

    channel = forms.ChoiceField(label=_("来源"))
    place_text = forms.CharField(label=_("位置说明"), max_length=LONGEST_PLACE, required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("反映人称呼"), max_length=LONGEST_NAME, required=False)
    phone = forms.CharField(label=_("反映人电话"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outside = (Channel.WEB, Channel.API)
        choices = [(c.value, c.label) for c in Channel if c not in outside]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason that stays on record."""

    reason = _long(_("理由"), 1000, rows=3)


class RevealForm(forms.Form):
    """Why somebody looks at who reported."""

    reason = forms.ChoiceField(label=_("为什么要看"), choices=REVEAL_REASONS)
    words = forms.CharField(
        label=_("说明"), max_length=500, required=False, help_text=_("选“其他”时须写明。")
    )


class PauseForm(ReasonForm):
    """For how long the clock should stand still, and why."""

    workdays = forms.IntegerField(label=_("暂停几个工作日"), min_value=1, max_value=60)
    field_order = ("workdays", "reason")


class RulingForm(forms.Form):
    """Yes or no, with words."""

    ruling = _long(_("裁定意见"), 1000, rows=3)
    upheld = forms.ChoiceField(
        label=_("裁定"),
        choices=[("1", _("异议成立，退回重派")), ("0", _("异议不成立，继续办理"))],
        widget=forms.RadioSelect,
    )


class ApprovalForm(forms.Form):
    """Whether a pause is approved."""

    approved = forms.ChoiceField(
        label=_("是否同意暂停"),
        choices=[("1", _("同意")), ("0", _("不同意"))],
        widget=forms.RadioSelect,
    )


class ReopenForm(ReasonForm):
    """Into which stage a closed case is opened again, and why."""

    stage = forms.ChoiceField(label=_("交给谁"))
    field_order = ("stage", "reason")

    def __init__(self, *args: Any, stages: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = list(stages)  # type: ignore[attr-defined]


class CategoryForm(forms.Form):
    """Which kind of matter it is."""

    category = forms.ChoiceField(label=_("分类"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]


# --- forms of moves -------------------------------------------------------------------------------
class MoveForm(forms.Form):
    """The form of one move, as its procedure asks it."""

    def answers(self) -> dict[str, Any]:
        """Return what was answered, without files; empty answers are left out."""
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if value not in (None, "", []) and not isinstance(self.fields[key], PhotosField)
        }

    def photos(self) -> dict[str, list[bytes]]:
        """Return the files by field."""
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if value and isinstance(self.fields[key], PhotosField)
        }


def move_form(
    asked: Sequence[Any], area: str, *, prefix: str, data: Any = None, files: Any = None
) -> MoveForm:
    """Return the form of a move at *area*; texts and choices as the procedure names them."""
    form = MoveForm(data, files, auto_id=f"id_{prefix}_%s")
    for one in asked:
        form.fields[one.key] = _field(one, area)
    return form


def _field(one: Any, area: str) -> forms.Field:
    """Return the input for one question; the engine checks the answer again."""
    common: dict[str, Any] = {
        "label": f"{one.label}{_('（居民可见）')}" if one.public and not one.hint else one.label,
        "required": one.required,
        "help_text": one.hint,
    }
    if one.type in ("choice", "organisation", "organisations", "area"):
        return _choosing(one, area, common)
    if one.type == "files":
        return PhotosField(**common)
    if one.type == "boolean":
        return forms.BooleanField(**{**common, "required": False})
    if one.type in ("integer", "money", "person"):
        return forms.IntegerField(min_value=0, **common)
    if one.type in ("date", "datetime"):
        kind = "date" if one.type == "date" else "datetime-local"
        return forms.CharField(widget=forms.TextInput(attrs={"type": kind}), **common)
    widget: Any = forms.Textarea(attrs={"rows": 3}) if one.type == "long_text" else None
    return forms.CharField(max_length=one.maximum or 5000, widget=widget, **common)


def _choosing(one: Any, area: str, common: dict[str, Any]) -> forms.Field:
    blank: list[Any] = [("", _("请选择"))]
    if one.type == "choice":
        few = len(one.choices) <= 5 and one.required  # a row of five is read at a glance
        choices = [(c.key, c.label) for c in one.choices]
        if few:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        return forms.ChoiceField(choices=blank + choices, **common)
    if one.type == "area":
        return forms.CharField(max_length=20, **common)
    served = areas.served_root(area)
    units = [(str(i), name) for i, name in organisations.choices_of_kinds(one.kinds, served)]
    if one.type == "organisations":
        widget = forms.CheckboxSelectMultiple if len(units) <= 12 else None
        return forms.MultipleChoiceField(choices=units, widget=widget, **common)
    return forms.ChoiceField(choices=blank + units, **common)
