"""Shapes of what is entered on the pages of matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import GongzhiError
from gongzhi.kernel.forms import PhotosField, long_text
from gongzhi.kernel.languages import said
from gongzhi.matters import queries, sheets
from gongzhi.matters.choices import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_VERDICT,
    LONGEST_WORDS,
    OWN_CHANNELS,
    Channel,
    Satisfaction,
)
from gongzhi.matters.tables import LARGEST
from gongzhi.messages import queries as notices
from gongzhi.messages.choices import LONGEST_ADDRESS
from gongzhi.people.choices import REVEAL_REASONS


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

    words = long_text(
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
    email = forms.CharField(
        label=_("邮箱"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=_("先发一封确认信，您点了确认，以后每有进展就发邮件告诉您，随时可以停。"),
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, suggested: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if suggested:
            self.fields["category"] = suggested_field(suggested)

    def clean_email(self) -> str:
        """Return the address as it is kept, before anything is sent."""
        try:
            return notices.clean_address(self.cleaned_data["email"])
        except GongzhiError as error:
            raise forms.ValidationError(str(error)) from error


def suggested_field(suggested: Sequence[Any]) -> forms.ChoiceField:
    """Return the choice among categories that may fit, each with what spoke for it."""
    told = [(one.code, _told(one)) for one in suggested]
    return forms.ChoiceField(
        label=_("属于哪一类"),
        required=False,
        choices=[*told, ("", _("都不是，或不清楚"))],
        initial=suggested[0].code if suggested[0].sure else "",
        widget=forms.RadioSelect,
        help_text=_("按您写的话推测的，不对就改。"),
    )


def _told(one: Any) -> str:
    return gettext("%(name)s（提到“%(why)s”）") % {"name": one.name, "why": one.why}


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
    words = long_text(_("想说的话"), LONGEST_VERDICT, rows=3, required=False)
    solved = forms.ChoiceField(choices=[("1", _("解决了")), ("0", _("没解决"))])


class NewMatterForm(WhatForm):
    """A report that staff enter for somebody at the window or on the phone."""

    channel = forms.ChoiceField(label=_("来源"))
    place_text = forms.CharField(label=_("位置说明"), max_length=LONGEST_PLACE, required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("反映人称呼"), max_length=LONGEST_NAME, required=False)
    phone = forms.CharField(label=_("反映人电话"), max_length=30, required=False)
    email = forms.CharField(
        label=_("反映人邮箱"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=_("先发确认信；反映人确认后，有进展就发邮件告诉他。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["autofocus"] = True
        outside = (*OWN_CHANNELS, Channel.API)
        choices = [(c.value, c.label) for c in Channel if c not in outside]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]


class PatrolForm(WhatForm):
    """What was seen on the move: the place by the device, or one of the reporter's own places."""

    area = forms.ChoiceField(label=_("在哪个网格"))
    place_text = forms.CharField(label=_("位置说明"), max_length=LONGEST_PLACE, required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = places  # type: ignore[attr-defined]


class RevealForm(forms.Form):
    """Why somebody looks at who reported."""

    reason = forms.ChoiceField(label=_("为什么要看"), choices=REVEAL_REASONS)
    words = forms.CharField(
        label=_("说明"), max_length=500, required=False, help_text=_("选“其他”时须写明。")
    )


class AccusedForm(forms.Form):
    """Against which organisation a matter is, if any."""

    organisation = forms.TypedChoiceField(
        label=_("被反映单位"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("这个单位的人看不到反映人，也不能单独主办。社区、街道的人请用“责令回避”。"),
    )

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", _("没有")), *units]  # type: ignore[attr-defined]


class CategoryForm(forms.Form):
    """Which kind of matter it is."""

    category = forms.ChoiceField(label=_("分类"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]


# --- splitting -----------------------------------------------------------------------------------
class PartsForm(forms.Form):
    """Up to some parts of a matter that holds several; empty rows are left out."""

    ROWS = 4

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, self.ROWS + 1):
            label = _("第 %(n)d 件") % {"n": n}
            self.fields[f"words_{n}"] = long_text(label, LONGEST_WORDS, required=n == 1)
            self.fields[f"category_{n}"] = forms.ChoiceField(
                label=_("分类"), required=False, choices=[("", _("不清楚")), *category_choices()]
            )

    def parts(self) -> list[dict[str, str]]:
        """Return the parts that were written."""
        given = self.cleaned_data
        rows = range(1, self.ROWS + 1)
        found = [{"words": given[f"words_{n}"], "category": given[f"category_{n}"]} for n in rows]
        return [part for part in found if part["words"]]


# --- sheets of other systems ---------------------------------------------------------------------
class SheetForm(forms.Form):
    """A file to be looked over before anything of it is taken in."""

    kind = forms.ChoiceField(label=_("哪一种表"))
    file = forms.FileField(
        label=_("文件"),
        help_text=_("Excel（.xlsx、.xls）或 CSV，不超过 5 MB、5000 行。列的顺序不要紧，认列名。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.key, said(one.name)) for one in sheets.kinds().values()]
        self.fields["kind"].choices = known  # type: ignore[attr-defined]


class MendForm(forms.Form):
    """The fields of a row that are wrong, to be put right."""

    def __init__(self, row: Any, kind: Any, data: Any = None) -> None:
        super().__init__(data, prefix=f"row{row.line}")
        for key in dict.fromkeys(one.field for one in row.wrong):
            offer = next((one.offer for one in row.wrong if one.field == key), "")
            text = row.values.get(key, "")
            wide = key == "words"
            self.fields[key] = forms.CharField(
                label=kind.label(key),
                required=False,
                initial=offer or text,
                widget=forms.Textarea(attrs={"rows": 2}) if wide else forms.TextInput(),
            )


# --- the category table --------------------------------------------------------------------------
class CategoryTableForm(forms.Form):
    """A category table to be looked over, or the one that was, to be brought into force."""

    file = forms.FileField(
        label=_("分类表"),
        required=False,
        help_text=_("UTF-8 的 CSV，不超过 1 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def content(self) -> bytes:
        """Return the table: the file that was chosen, or the one that was looked over."""
        file = self.cleaned_data["file"]
        return bytes(file.read(LARGEST + 1)) if file else self.cleaned_data["seen"].encode()
