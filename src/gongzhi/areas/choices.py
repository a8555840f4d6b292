"""What there is to choose: kinds of areas, of adjustments, of origins; an area in a form."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel import codes
from gongzhi.kernel.codes import Level


class Kind(models.TextChoices):
    """What sort of area a code names; each kind belongs to one level."""

    PROVINCE = "province", _("省级")
    CITY = "city", _("地级")
    DISTRICT = "district", _("区")
    COUNTY = "county", _("县")
    SUBDISTRICT = "subdistrict", _("街道")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    ZONE = "zone", _("开发区等")
    RESIDENTIAL = "residential", _("居民区社区")
    UNIT_TYPE = "unit_type", _("单位型社区")
    URBAN = "urban", _("城市社区")
    TOWN_COMMUNITY = "town_community", _("城镇社区")
    VILLAGE = "village", _("村")
    VIRTUAL = "virtual", _("虚拟社区")
    BASIC = "basic", _("基础网格")
    DEDICATED = "dedicated", _("专属网格")
    BUILDING = "building", _("楼栋")
    STAIRCASE = "staircase", _("楼道")


KINDS_OF_LEVEL: Final[dict[Level, tuple[Kind, ...]]] = {
    "province": (Kind.PROVINCE,),
    "city": (Kind.CITY,),
    "district": (Kind.DISTRICT, Kind.COUNTY),
    "street": (Kind.SUBDISTRICT, Kind.TOWN, Kind.TOWNSHIP, Kind.ZONE),
    "community": (
        Kind.RESIDENTIAL,
        Kind.UNIT_TYPE,
        Kind.URBAN,
        Kind.TOWN_COMMUNITY,
        Kind.VILLAGE,
        Kind.VIRTUAL,
    ),
    "grid": (Kind.BASIC, Kind.DEDICATED),
    "building": (Kind.BUILDING,),
    "staircase": (Kind.STAIRCASE,),
}

WITHOUT_RESIDENTS: Final = frozenset({Kind.UNIT_TYPE, Kind.VIRTUAL, Kind.DEDICATED})
"""Kinds of area in which functions meant for residents are not offered."""


class AdjustmentKind(models.TextChoices):
    """How areas gave way to others."""

    SPLIT = "split", _("拆分")
    MERGE = "merge", _("合并")
    RENUMBER = "renumber", _("重新编码")
    RENAME = "rename", _("更名")


class AdjustmentState(models.TextChoices):
    """Whether an adjustment is still a plan."""

    PLANNED = "planned", _("计划中")
    DONE = "done", _("已完成")


class Origin(models.TextChoices):
    """Where a record came from."""

    STATISTICS = "statistics", _("统计用区划代码")
    ENTERED = "entered", _("本地录入")
    DEMO = "demo", _("演示数据")


class AreaInput(forms.TextInput):
    """Asks for an area: chosen level by level from lists, or typed as a code or a name.

    What was typed goes before what was chosen. Lists open one level deeper with scripts; without
    them one chooses a street or types.
    """

    template_name = "areas/area_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Open the lists down to a code they hold; show anything else as typed."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        words = str(value or "")
        listed = codes.is_code(words) and len(words) <= codes.LENGTHS["grid"]
        return context | {"code": words if listed else "", "typed": "" if listed else words}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # noqa: ARG002
        """Return the words typed, else the deepest choice, else the whole district if ticked."""
        typed = str(data.get(f"{name}_typed") or "").strip()
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        chosen = max(map(str, sent), key=len, default="")
        # With nothing chosen the first list sends the whole district, which has its own box.
        nothing = chosen == data.get(f"{name}_whole_is")
        return typed or ("" if nothing else chosen) or str(data.get(f"{name}_whole") or "")
