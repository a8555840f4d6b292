"""Shapes of what is entered on the pages of areas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.areas import queries
from gongzhi.areas.actions import Change, Part
from gongzhi.areas.choices import AreaInput
from gongzhi.areas.queries import AreaInfo, Counts
from gongzhi.areas.tables import LARGEST
from gongzhi.kernel import clock
from gongzhi.kernel.forms import ResolvedField

_SALT = "areas.import"
_CARRIED = 700_000  # what a form may carry from the check to the import, in bytes


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, initial=clock.today)


def _several(label: Any, areas: list[AreaInfo]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=[(area.code, area.name) for area in areas],
        widget=forms.CheckboxSelectMultiple,
    )


class ImportForm(forms.Form):
    """A file of areas: first checked, then taken in as it was checked."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        required=False,
        help_text=gettext_lazy("CSV、Excel（.xlsx）或 GeoJSON；第一行须有：代码、名称、类别"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.geojson,.json"}),
    )
    system = forms.ChoiceField(
        label=gettext_lazy("边界坐标系"),
        choices=[
            ("wgs84", gettext_lazy("WGS84 / CGCS2000（默认）")),
            ("gcj02", gettext_lazy("GCJ-02（高德、腾讯地图）")),
        ],
        initial="wgs84",
    )
    carried = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Put name and content of the file, uploaded or carried, into the data."""
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("file")
        if isinstance(upload, UploadedFile):
            if (upload.size or 0) > LARGEST:
                raise forms.ValidationError({"file": _("文件超过 20 MB")})
            data["name"], data["content"] = upload.name or "", upload.read()
        elif data.get("carried"):
            data["name"], data["content"] = _unpack(data["carried"])
        else:
            raise forms.ValidationError({"file": _("请选择文件")})
        return data


def pack(name: str, content: bytes) -> str:
    """Return a checked file signed for the next step, empty when it is too large to carry."""
    if len(content) > _CARRIED:
        return ""
    return signing.dumps([name, content.decode("latin-1")], salt=_SALT, compress=True)


def _unpack(carried: str) -> tuple[str, bytes]:
    try:
        name, text = signing.loads(carried, salt=_SALT, max_age=3600)
    except signing.BadSignature as error:
        raise forms.ValidationError({"file": _("请重新选择文件")}) from error
    return name, text.encode("latin-1")


class RenameForm(forms.Form):
    """A new name from a day on."""

    name = forms.CharField(label=gettext_lazy("新名称"), max_length=60)
    on = _day(gettext_lazy("生效日期"))

    def change(self) -> Change:
        """Return the change that was entered."""
        return Change(self.cleaned_data["on"], _("更名"))


class SplitForm(forms.Form):
    """One area becomes two: what the new one is called and takes over."""

    new_name = forms.CharField(label=gettext_lazy("新区域名称"), max_length=60)
    new_code = forms.CharField(label=gettext_lazy("新区域代码"), max_length=20)
    households = forms.IntegerField(
        label=gettext_lazy("划入新区域的户数"), min_value=0, required=False
    )
    residents = forms.IntegerField(
        label=gettext_lazy("划入新区域的人数"), min_value=0, required=False
    )
    on = _day(gettext_lazy("生效日期"))
    title = forms.CharField(label=gettext_lazy("依据或说明"), max_length=120)

    def __init__(self, *args: Any, area: AreaInfo, below: list[AreaInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._area = area
        self._below = [child.code for child in below]
        if below:
            self.fields["children"] = _several(gettext_lazy("划入新区域的下级"), below)
            del self.fields["households"], self.fields["residents"]

    def parts(self, counts: Counts | None) -> list[Part]:
        """Return the remaining and the new part; leaf areas share their *counts* as entered."""
        data = self.cleaned_data
        off = tuple(data.get("children") or ())
        rest = tuple(code for code in self._below if code not in off)
        homes, people = data.get("households"), data.get("residents")
        had = counts or Counts(None, None)
        return [
            Part(
                self._area.code,
                self._area.name,
                rest,
                _minus(had.households, homes),
                _minus(had.residents, people),
            ),
            Part(data["new_code"].strip(), data["new_name"].strip(), off, homes, people),
        ]

    def change(self) -> Change:
        """Return the change that was entered."""
        return Change(self.cleaned_data["on"], self.cleaned_data["title"])


def _minus(had: int | None, off: int | None) -> int | None:
    return None if had is None or off is None else had - off


class MergeForm(forms.Form):
    """Neighbouring areas join this one, which keeps its code."""

    name = forms.CharField(label=gettext_lazy("合并后的名称"), max_length=60)
    on = _day(gettext_lazy("生效日期"))
    title = forms.CharField(label=gettext_lazy("依据或说明"), max_length=120)

    def __init__(self, *args: Any, siblings: list[AreaInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"] = _several(gettext_lazy("并入本区域的区域"), siblings)

    def change(self) -> Change:
        """Return the change that was entered."""
        return Change(self.cleaned_data["on"], self.cleaned_data["title"])


def _area(label: Any) -> ResolvedField:
    return ResolvedField(resolve=queries.resolve_area, label=label, widget=AreaInput())


class AliasForm(forms.Form):
    """A code of another scheme, what it means, and since when."""

    scheme = forms.CharField(
        label=gettext_lazy("编码体系"),
        max_length=40,
        help_text=gettext_lazy("用这套代码的系统或标准，如：综治网格、城管部件"),
    )
    foreign_code = forms.CharField(label=gettext_lazy("外部代码"), max_length=60)
    code = _area(gettext_lazy("对应的区域"))
    on = _day(gettext_lazy("自哪天起"))


class EndForm(forms.Form):
    """The day from which something no longer holds."""

    on = _day(gettext_lazy("自哪天起不再有效"))


class AreaSetForm(forms.Form):
    """A new named set with its first area."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    kind = forms.CharField(
        label=gettext_lazy("类别"),
        max_length=40,
        help_text=gettext_lazy("如：资源共享区、商圈"),
    )
    code = _area(gettext_lazy("第一个区域"))
    on = _day(gettext_lazy("自哪天起"))


class MemberForm(forms.Form):
    """One more area of a set."""

    code = _area(gettext_lazy("加入的区域"))
    on = _day(gettext_lazy("自哪天起"))


class PlaceForm(forms.Form):
    """Where one is: a point, or an area chosen from lists."""

    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    area = forms.RegexField(r"^[0-9]{2,20}$", required=False)
