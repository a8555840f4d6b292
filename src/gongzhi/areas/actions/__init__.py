"""Every write to areas: import, adjustments, aliases, sets, and loading of districts."""

from gongzhi.areas.actions.adjust import (
    Change,
    Link,
    Part,
    merge_areas,
    plan_adjustment,
    rename_area,
    renumber_areas,
    split_area,
)
from gongzhi.areas.actions.country import load_country
from gongzhi.areas.actions.district import LoadPlan, load_district_areas
from gongzhi.areas.actions.registers import end_alias, end_area_set, save_area_set, set_alias
from gongzhi.areas.actions.tables import ImportReport, import_areas

__all__ = [
    "Change",
    "ImportReport",
    "Link",
    "LoadPlan",
    "Part",
    "end_alias",
    "end_area_set",
    "import_areas",
    "load_country",
    "load_district_areas",
    "merge_areas",
    "plan_adjustment",
    "rename_area",
    "renumber_areas",
    "save_area_set",
    "set_alias",
    "split_area",
]
