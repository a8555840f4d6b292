"""Shapes of what is entered on the pages of organisations and posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.areas import queries as areas
from gongzhi.areas.choices import AreaInput
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.forms import ResolvedField
from gongzhi.organisations import queries
from gongzhi.people import queries as people


def _date(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def _area(label: Any = gettext_lazy("区域"), *, required: bool = True) -> ResolvedField:
    return ResolvedField(
        resolve=areas.resolve_area, label=label, required=required, widget=AreaInput()
    )


class PersonField(ResolvedField):
    """A person by user name, phone, or a name that only one person has."""

    actor: Actor | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("人员"))
        kwargs.setdefault("help_text", gettext_lazy("填用户名、手机号或姓名"))
        super().__init__(resolve=self._pick, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> PersonField:
        copied: PersonField = super().__deepcopy__(memo)
        copied.resolve = copied._pick
        return copied

    def _pick(self, words: str) -> int:
        """Return the account's id; say what to enter when nobody or several are meant."""
        found = people.pick_account(self.actor, words) if self.actor is not None else []
        if len(found) == 1:
            return found[0][0]
        raise InvalidInput(
            _("有几个人叫这个名字") if found else _("没有找到这个人"),
            mend=_("请填用户名或手机号") if found else _("请核对，或先登记人员"),
        )


class ActorForm(forms.Form):
    """A form that knows who fills it in."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.actor = actor


class OrganisationForm(ActorForm):
    """A new organisation."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    area = _area(gettext_lazy("所在区域"))
    parent = forms.ChoiceField(label=gettext_lazy("上级组织"), required=False)
    code = forms.CharField(label=gettext_lazy("组织代码"), max_length=40, required=False)
    valid_from = _date(
        gettext_lazy("成立日期"), required=False, help_text=gettext_lazy("留空为今天")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = queries.organisation_kinds().values()
        self.choices("kind", [(kind.key, kind.name) for kind in kinds])
        rows = queries.list_organisations(self.actor, size=300).items
        standing = [(row.id, f"{row.name}（{row.kind_name}）") for row in rows]
        self.choices("parent", [("", _("（不设上级）")), *standing])

    def choices(self, name: str, options: list[tuple[Any, str]]) -> None:
        """Set what a field offers."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # for the type checker
        field.choices = options


class ChangeOrganisationForm(OrganisationForm):
    """A new name or a new place in the tree, from a day on."""

    on = _date(gettext_lazy("自哪天起"), required=False, help_text=gettext_lazy("留空为今天"))
    document = forms.CharField(label=gettext_lazy("文号"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "area", "code", "valid_from"):
            del self.fields[name]


class AbolishForm(forms.Form):
    """The end of an organisation."""

    on = _date(gettext_lazy("撤销日期"), required=False, help_text=gettext_lazy("留空为今天"))
    successor = forms.IntegerField(
        label=gettext_lazy("承接组织编号"),
        required=False,
        help_text=gettext_lazy("该组织页面地址中的编号"),
    )
    document = forms.CharField(label=gettext_lazy("文号"), max_length=120, required=False)


class PostForm(ActorForm):
    """A new post: a role at an area, or in an organisation."""

    account = PersonField()
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    area = _area(required=False)
    organisation = forms.ChoiceField(
        label=gettext_lazy("或组织"),
        required=False,
        help_text=gettext_lazy("区域与组织两者选一"),
    )
    valid_from = _date(
        gettext_lazy("任职开始"), required=False, help_text=gettext_lazy("留空为今天")
    )
    valid_to = _date(
        gettext_lazy("任职结束"),
        required=False,
        help_text=gettext_lazy("当天起不再担任；留空为不定期"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = queries.role_book().roles.values()
        rows = queries.list_organisations(self.actor, size=300).items
        kinds = {kind for role in book for kind in role.organisation_kinds}
        role, organisation = self.fields["role"], self.fields["organisation"]
        assert isinstance(role, forms.ChoiceField)  # for the type checker
        assert isinstance(organisation, forms.ChoiceField)  # for the type checker
        role.choices = [(one.key, one.name) for one in book if not one.retired]
        holding = [(row.id, row.name) for row in rows if row.kind in kinds]
        organisation.choices = [("", _("（不在组织中）")), *holding]


class EndForm(forms.Form):
    """The end of a post."""

    on = _date(
        gettext_lazy("自哪天起不再担任"), required=False, help_text=gettext_lazy("留空为今天")
    )


class HandOverForm(ActorForm):
    """The next person in a post."""

    to = PersonField(label=gettext_lazy("接任者"))
    on = _date(gettext_lazy("自哪天起"), required=False, help_text=gettext_lazy("留空为今天"))


class DeputyForm(ActorForm):
    """Who stands in, from when until when."""

    deputy = PersonField(label=gettext_lazy("代理人"))
    first = _date(gettext_lazy("代理开始"))
    until = _date(gettext_lazy("代理结束"), help_text=gettext_lazy("当天起不再代理"))
