"""Shapes of what is entered on a case: the forms of its moves, and of what is no move."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.areas import queries as areas
from gongzhi.kernel.forms import PhotosField, long_text
from gongzhi.organisations import queries as organisations
from gongzhi.procedures.choices import Trigger
from gongzhi.procedures.queries.questions import LONGEST_ANSWER, LONGEST_NAME, LONGEST_QUESTION


class ReasonForm(forms.Form):
    """A reason that stays on record."""

    reason = long_text(_("理由"), 1000, rows=3)


class SuperviseForm(ReasonForm):
    """What a case is put under supervision for, and why."""

    trigger = forms.ChoiceField(label=_("督办情形"), choices=Trigger.choices)
    field_order = ("trigger", "reason")


class WordsForm(forms.Form):
    """What is answered, or what came of it."""

    words = long_text(_("情况"), 1000, rows=3)


class AskForm(forms.Form):
    """What is asked, and of whom. `key` makes pressing twice ask once."""

    to = forms.ChoiceField(label=_("问谁"), widget=forms.RadioSelect)
    named = forms.CharField(
        label=_("对方名称"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("问外单位或个人时填，比如某某物业公司。"),
    )
    words = long_text(
        _("要问什么"),
        LONGEST_QUESTION,
        rows=3,
        help_text=_("对方只看得到这段话和事项编号，不要写别人的姓名、电话。"),
    )
    key = forms.CharField(max_length=32, min_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reporter: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outside = ("outside", _("外单位或个人"))
        both = [("reporter", _("反映人")), outside] if reporter else [outside]
        self.fields["to"].choices = both  # type: ignore[attr-defined]
        self.fields["to"].initial = both[0][0]
        self.fields["key"].initial = secrets.token_hex(16)

    def clean(self) -> dict[str, Any]:
        """Ask for a name where somebody outside is meant."""
        given = super().clean() or {}
        if given.get("to") == "outside" and not given.get("named"):
            self.add_error("named", _("请写明问的是谁"))
        return given


def asked(given: dict[str, Any]) -> dict[str, Any]:
    """Return the filled-in `AskForm` as the action takes it."""
    to_reporter = given["to"] == "reporter"
    return {
        "words": given["words"],
        "key": given["key"],
        "to_reporter": to_reporter,
        "named": "" if to_reporter else given["named"],
    }


class AnswerForm(forms.Form):
    """What is answered through a link."""

    words = long_text(_("您的回答"), LONGEST_ANSWER, rows=6)
    photos = PhotosField(label=_("照片"), help_text=_("最多9张。照片里的定位和机型会去掉。"))

    def __init__(self, *args: Any, photos: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not photos:
            del self.fields["photos"]


# Nobody and no reason is named by not looking.
_NONE = ("", _("请选择"))


class RecuseForm(forms.Form):
    """Why somebody steps aside."""

    reason = forms.ChoiceField(label=_("回避的情形"))
    words = long_text(_("说明"), 1000, rows=3, help_text=_("只留在记录里，不在页面上公开。"))

    def __init__(self, *args: Any, reasons: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [_NONE, *reasons]  # type: ignore[attr-defined]


class OrderRecusalForm(RecuseForm):
    """Who is to step aside, and why."""

    account = forms.TypedChoiceField(label=_("让谁回避"), coerce=int)
    field_order = ("account", "reason", "words")

    def __init__(self, *args: Any, persons: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [_NONE, *persons]  # type: ignore[attr-defined]


class TakeBackRecusalForm(forms.Form):
    """Whose recusal is taken back, and why."""

    recusal = forms.TypedChoiceField(label=_("撤回谁的回避"), coerce=int)
    words = long_text(_("为什么撤回"), 1000, rows=3, help_text=_("只留在记录里，不在页面上公开。"))

    def __init__(self, *args: Any, recusals: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recusal"].choices = [_NONE, *recusals]  # type: ignore[attr-defined]


class PauseForm(ReasonForm):
    """For how long the clock should stand still, and why."""

    workdays = forms.IntegerField(label=_("暂停几个工作日"), min_value=1, max_value=60)
    field_order = ("workdays", "reason")


class RulingForm(forms.Form):
    """Yes or no, with words."""

    ruling = long_text(_("裁定意见"), 1000, rows=3)
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


def propose(form: MoveForm, asked: Sequence[Any], likely: Sequence[Any]) -> None:
    """Say at a field of one organisation who did such work before, and list them first.

    Nothing is chosen by it: whoever dispatches chooses, with the reason before the eyes.
    """
    for key in (one.key for one in asked if one.type == "organisation" and one.key in form.fields):
        field: Any = form.fields[key]
        blank, *units = field.choices
        known = dict(units)
        told = [
            (str(one.id), _("%(name)s（%(of)d件里%(handled)d件）") % _record_of(one))
            for one in likely
            if str(one.id) in known
        ]
        if told:
            names = _("、").join(label for _value, label in told)
            field.choices = [blank, (_("以往办过这类事的"), told), (_("全部单位"), units)]
            field.help_text = _("这类事办结的，以往由谁办：%(names)s。派给谁由您定。") % {
                "names": names
            }


def _record_of(one: Any) -> dict[str, Any]:
    """Return what is said of an organisation that did such work before."""
    return {"name": one.name, "of": one.of, "handled": one.handled}


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
