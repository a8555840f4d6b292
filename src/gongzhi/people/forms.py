"""Shapes of what is entered on the pages of accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.areas import queries as areas
from gongzhi.areas.choices import AreaInput
from gongzhi.kernel.forms import ResolvedField
from gongzhi.people.choices import FIELDS, LANGUAGES, REVEAL_REASONS


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Phone or user name, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("手机号或用户名")
        self.fields["login"].widget.attrs["placeholder"] = ""
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs["placeholder"] = ""


def area_field(**more: Any) -> ResolvedField:
    """Return a field for an area, chosen from lists or typed by code or name."""
    more.setdefault("label", gettext_lazy("区域"))
    return ResolvedField(resolve=areas.resolve_area, widget=AreaInput(), **more)


def _personal_fields() -> dict[str, forms.CharField]:
    return {
        key: forms.CharField(label=label, required=False, max_length=120) for key, label in FIELDS
    }


class PersonalDataForm(forms.Form):
    """Personal data, entered or corrected; an empty field removes nothing, a tick does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_personal_fields())
        self.fields["remove"] = forms.MultipleChoiceField(
            label=_("删除这些项目"),
            choices=FIELDS,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def values(self) -> dict[str, str]:
        """Return what to store: entered fields, and an empty text for each to be removed."""
        entered = {key: self.cleaned_data[key] for key, _label in FIELDS if self.cleaned_data[key]}
        return dict.fromkeys(self.cleaned_data["remove"], "") | entered


class NewPersonForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=60,
        help_text=gettext_lazy("小写字母开头，可含数字、点、横线、下划线；登录时也可用手机号"),
    )
    display_name = forms.CharField(
        label=gettext_lazy("显示名称"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("工作人员填履职姓名，同事可见；居民留空则只显示姓氏"),
    )
    area = area_field()
    is_staff_member = forms.BooleanField(
        label=gettext_lazy("工作人员"),
        required=False,
        initial=True,
        help_text=gettext_lazy("工作人员登录须用动态口令"),
    )
    password = forms.CharField(
        label=gettext_lazy("初始密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 10 位；本人首次登录时须改为自己的密码"),
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=30, required=False)

    def personal(self) -> dict[str, str]:
        """Return the personal data that was entered."""
        return {key: self.cleaned_data[key] for key in ("name", "phone") if self.cleaned_data[key]}


class ChangePersonForm(forms.Form):
    """The public side of an account."""

    display_name = forms.CharField(label=gettext_lazy("显示名称"), max_length=60)
    area = area_field()
    is_staff_member = forms.BooleanField(
        label=gettext_lazy("工作人员"),
        required=False,
        help_text=gettext_lazy("工作人员不能改回居民；不再任职的请停用账号"),
    )


class RevealForm(forms.Form):
    """What to see unmasked, and why."""

    fields_wanted = forms.MultipleChoiceField(
        label=gettext_lazy("要查看的项目"), choices=FIELDS, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("理由"), choices=REVEAL_REASONS, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("选“其他”时必填。查看的人、时间、项目和理由都会留存，供审计"),
    )


class ResetPasswordForm(forms.Form):
    """A password for one sign-in."""

    password = forms.CharField(
        label=gettext_lazy("临时密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 10 位；本人登录后须立即改为自己的密码"),
    )


class PreferencesForm(forms.Form):
    """Language and print size."""

    language = forms.ChoiceField(label=gettext_lazy("语言"), choices=LANGUAGES)
    large_print = forms.BooleanField(label=gettext_lazy("大字"), required=False)


class TokenForm(forms.Form):
    """A new API token; the choices are the powers one holds."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("写明用在哪里")
    )
    days = forms.IntegerField(label=gettext_lazy("有效天数"), min_value=1, max_value=3650)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("可用权限"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只选程序需要的"),
    )

    def __init__(self, *args: Any, powers: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["scopes"]
        assert isinstance(choice, forms.MultipleChoiceField)  # for the type checker
        choice.choices = powers
