"""The five districts load with the numbers of the articles, and a second time changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
import yaml

from gongzhi.areas import actions, queries
from gongzhi.areas.errors import DistrictUnreadable
from gongzhi.areas.models import Adjustment, Area, AreaShape, Succession
from gongzhi.areas.tests.support import DISTRICTS, sums
from gongzhi.facts.models import FactRecord
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM
from gongzhi.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db


def _load(name: str, *, dry_run: bool = False) -> actions.LoadPlan:
    return actions.load_district_areas(actor=SYSTEM, directory=DISTRICTS / name, dry_run=dry_run)


def _leaves(prefix: str) -> list[shapely.Geometry]:
    """Return the outlines of the smallest areas in a district."""
    found = AreaShape.objects.filter(area__code__startswith=prefix).select_related("area")
    parents = {shape.area.parent for shape in found}
    return [shapely.from_wkb(bytes(s.geometry)) for s in found if s.area.code not in parents]


@pytest.mark.requirement("003-26")
def test_wuda_has_one_town_seven_street_offices_and_22_communities() -> None:
    _load("wuda")
    streets = queries.count_by_kind("150304", "street")
    assert (streets["town"], streets["subdistrict"]) == (1, 7)
    assert queries.count_by_kind("150304", "community")["residential"] == 22
    assert len(queries.codes_within("150304", "grid")) == 199
    assert queries.level_name("grid") == "红色单元"
    assert queries.children(queries.codes_within("150304", "community")[0])[0].level_name == (
        "红色单元"
    )


@pytest.mark.requirement("001-01")
def test_jinchang_has_33_communities_of_two_kinds_and_385_grids_in_them() -> None:
    _load("jinchang")
    assert queries.count_by_kind("6203", "district") == {"county": 1, "district": 1}
    assert queries.count_by_kind("6203", "street")["subdistrict"] == 6
    kinds = queries.count_by_kind("6203", "community")
    assert (kinds["urban"], kinds["town_community"]) == (16, 17)

    grids = queries.codes_within("6203", "grid")
    homes = Area.objects.filter(
        code__startswith="6203", kind__in=["urban", "town_community"], valid_to=None
    )
    assert len(grids) == 385
    assert {grid[:12] for grid in grids} == {home.code for home in homes}
    assert homes.count() == 33


@pytest.mark.requirement("002-17")
def test_anning_split_four_communities_and_plans_fourteen_in_batches() -> None:
    _load("anning")
    done = Adjustment.objects.filter(kind="split", state="done", code__startswith="620105")
    made = Area.objects.filter(preceded_by__adjustment__in=done, level="community")
    names = set(made.exclude(code__in=done.values("code")).values_list("name", flat=True))
    assert names == {"洄水湾社区", "营门滩社区", "城院社区", "金安东社区"}
    planned = queries.planned_adjustments("620105")
    assert len(planned) == 14
    assert {plan.batch for plan in planned} == {2, 3, 4}
    assert (planned[-1].takes_effect - planned[0].takes_effect).days <= 3 * 365 + 1
    district = Area.objects.get(code="620105", valid_to=None)
    whole = (district.households, district.residents)
    assert sums("620105", "community") == sums("620105", "grid") == whole
    for split in done:
        old = Succession.objects.filter(adjustment=split, predecessor__level="community")
        had = old[0].predecessor
        assert sum(link.households or 0 for link in old) == had.households
        assert sum(link.residents or 0 for link in old) == had.residents


@pytest.mark.requirement("002-11")
def test_anning_has_street_community_and_area_levels_that_can_be_switched_off(
    tmp_path: Path,
) -> None:
    _load("anning")
    homes = Area.objects.filter(kind="residential", valid_to=None, code__startswith="620105")
    assert homes.count() == 60
    assert len(queries.codes_within("620105", "grid")) == 180
    names = [queries.level_name(level) for level in ("street", "community", "grid")]
    assert names == ["街道", "社区", "片区"]


@pytest.mark.requirement("002-11")
def test_without_the_level_communities_are_the_smallest_areas(tmp_path: Path) -> None:
    folder = _copy("anning", tmp_path)
    text = (folder / "district.yaml").read_text(encoding="utf-8")
    (folder / "district.yaml").write_text(text.replace("used: true", "used: false"), "utf-8")
    actions.load_district_areas(actor=SYSTEM, directory=folder)
    assert queries.codes_within("620105", "grid") == []
    assert not queries.districts()[0].grids_used
    home = queries.locate(*_middle("620105002007"))
    assert home == "620105002007"
    done = Adjustment.objects.filter(kind="split", state="done").count()
    assert done == 4


def _middle(code: str) -> tuple[float, float]:
    found = queries.centre_of(code)
    assert found is not None
    return found


@pytest.mark.requirement("004-06")
def test_chongchuan_renumbered_731_into_929_each_with_its_predecessor() -> None:
    _load("chongchuan")
    now = Area.objects.filter(code__startswith="320613", level="grid", valid_to=None)
    before = Area.objects.filter(code__startswith="320613", level="grid", valid_to__isnull=False)
    assert (before.count(), now.count()) == (731, 929)
    assert len(set(now.values_list("code", flat=True))) == 929
    assert now.filter(preceded_by=None).count() == 0
    assert before.filter(followed_by=None).count() == 0
    renumbering = Adjustment.objects.get(kind="renumber")
    links = Succession.objects.filter(adjustment=renumbering)
    assert links.values("successor").distinct().count() == 929
    assert links.values("predecessor").distinct().count() == 731
    assert sums("320613", "grid") == sums("320613", "community")
    assert queries.level_name("grid") == "邻里"


def test_chongchuan_knows_both_kinds_and_hides_what_is_meant_for_residents() -> None:
    _load("chongchuan")
    kinds = queries.count_by_kind("320613", "community")
    assert kinds["unit_type"] >= 1
    assert kinds["residential"] > 100
    unit = Area.objects.filter(kind="unit_type", valid_to=None).values_list("code", flat=True)[0]
    assert queries.get_area(unit).kind_name == "单位型社区"
    assert not queries.get_area(unit).for_residents
    assert all(not grid.for_residents for grid in queries.children(unit))
    assert queries.get_area("320613001001").for_residents


@pytest.mark.parametrize(
    ("name", "prefix", "grids"), [("wuda", "150304", 199), ("hunnan", "210112", 596)]
)
def test_outlines_nest_without_gap_or_overlap(name: str, prefix: str, grids: int) -> None:
    _load(name)
    assert len(queries.codes_within(prefix, "grid")) == grids
    leaves = _leaves(prefix)
    whole = shapely.from_wkb(bytes(AreaShape.objects.get(area__code=prefix).geometry))
    assert shapely.coverage_is_valid(leaves)
    union = shapely.union_all(leaves)
    assert union.symmetric_difference(whole).area < 1e-5 * whole.area
    for shape in AreaShape.objects.filter(area__code__startswith=prefix).select_related("area"):
        outline = shapely.from_wkb(bytes(shape.geometry))
        assert outline.is_valid
        assert shape.schematic == (shape.area.level not in ("district", "county"))


def test_loading_twice_changes_nothing() -> None:
    assert _load("wuda").lines
    areas = list(Area.objects.order_by("id").values())
    facts = FactRecord.objects.count()
    again = _load("wuda")
    assert again == actions.LoadPlan(0, 0, 0, 0, 0, ())
    assert list(Area.objects.order_by("id").values()) == areas
    assert FactRecord.objects.count() == facts


def test_the_same_folder_gives_the_same_outlines() -> None:
    _load("wuda")
    first = {s.area.code: bytes(s.geometry) for s in AreaShape.objects.select_related("area")}
    _wipe()
    _load("wuda")
    again = {s.area.code: bytes(s.geometry) for s in AreaShape.objects.select_related("area")}
    assert first == again


def _wipe() -> None:
    from gongzhi.areas.models import District
    from gongzhi.kernel.action import action
    from gongzhi.kernel.actor import Actor

    @action
    def wipe(*, actor: Actor) -> None:
        Area.objects.all().delete()
        District.objects.all().delete()

    wipe(actor=SYSTEM)


def test_a_dry_run_says_what_it_would_do_and_does_nothing() -> None:
    plan = _load("wuda", dry_run=True)
    assert (plan.opened, plan.grids) == (35, 199)
    assert not Area.objects.exists()
    assert not queries.districts()
    assert not FactRecord.objects.exists()
    assert _load("wuda") == plan


def test_two_districts_live_side_by_side() -> None:
    _load("wuda")
    _load("anning")
    assert [d.reference_prefix for d in queries.districts()] == ["WD", "AN"]
    assert queries.reference_prefix("620105001001") == "AN"
    assert queries.level_name("grid", "620105001001") == "片区"
    assert queries.level_name("grid", "150304") == "红色单元"


def test_only_the_system_loads_districts() -> None:
    with pytest.raises(NotAllowed):
        actions.load_district_areas(actor=ANONYMOUS, directory=DISTRICTS / "wuda")


def _copy(name: str, tmp_path: Path) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    for file in ("district.yaml", "areas.csv", "boundary.geojson"):
        (folder / file).write_bytes((DISTRICTS / name / file).read_bytes())
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("district.yaml", "district: wuda", "x: y", "district"),
        ("district.yaml", "codes: [", "codes: [[", "district.yaml"),
        ("district.yaml", 'codes: ["150304"]', 'codes: ["15030"]', "15030"),
        ("district.yaml", "levels: {street", "levels: {alley: 巷, street", "alley"),
        ("district.yaml", "total: 199", "total: 199\n  per_community: 3", "grids"),
        ("areas.csv", "150304002001,", "15030400200,", "areas.csv:6"),
        ("areas.csv", "富强社区居委会,residential", "富强社区居委会,town", "areas.csv:6"),
        ("boundary.geojson", "FeatureCollection", "Feature", "GeoJSON"),
    ],
)
def test_a_wrong_folder_names_file_and_mend(
    tmp_path: Path, file: str, old: str, new: str, named: str
) -> None:
    folder = _copy("wuda", tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Exception, match=named) as caught:
        actions.load_district_areas(actor=SYSTEM, directory=folder)
    assert getattr(caught.value, "mend", "")
    assert not Area.objects.exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DistrictUnreadable, match=r"district\.yaml"):
        actions.load_district_areas(actor=SYSTEM, directory=tmp_path)


@pytest.mark.parametrize("name", ["hunnan", "jinchang", "anning", "wuda", "chongchuan"])
def test_every_folder_says_what_it_needs(name: str) -> None:
    data = yaml.safe_load((DISTRICTS / name / "district.yaml").read_text(encoding="utf-8"))
    assert data["district"] == name
    assert len(data["reference_prefix"]) == 2
    assert all(isinstance(key, str) for item in data["adjustments"] for key in item)


def _country(tmp_path: Path) -> Path:
    rows = {
        "provinces": ["code,name", "15,内蒙古自治区", "44,广东省"],
        "cities": ["code,name,p", "1503,乌海市,15", "4419,东莞市,44"],
        "areas": ["code,name,c,p", "150304,乌达区,1503,15", "150303,海南区,1503,15"],
        "streets": ["code,name,a", "150304002,三道坎街道,150304", "441900003,东城街道,441900"],
        "villages": [
            "code,name,s",
            '150304002001,"富强社区居委会",150304002',
            '150304002003,"多出来的社区居委会",150304002',
            '441900003001,"岗贝社区居委会",441900003',
            '441900003201,"某某村村委会",441900003',
        ],
    }
    for name, lines in rows.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_the_country_loads_once_and_leaves_districts_alone(tmp_path: Path) -> None:
    _load("wuda")
    before = list(Area.objects.filter(code__startswith="150304").order_by("id").values())
    opened = actions.load_country(actor=SYSTEM, directory=_country(tmp_path))
    assert opened == 8  # the rest is known, and 441900 is made for its streets
    assert queries.get_area("441900003201").name == "某某村"
    assert queries.get_area("441900").level == "district"
    assert actions.load_country(actor=SYSTEM, directory=tmp_path) == 0
    kept = Area.objects.filter(id__in=[row["id"] for row in before])
    assert list(kept.order_by("id").values()) == before


def test_a_district_may_be_loaded_after_the_country(tmp_path: Path) -> None:
    actions.load_country(actor=SYSTEM, directory=_country(tmp_path))
    _load("wuda")
    assert queries.count_by_kind("150304", "community")["residential"] == 22
    assert len(queries.codes_within("150304", "grid")) == 199


def test_a_folder_without_the_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DistrictUnreadable, match="provinces"):
        actions.load_country(actor=SYSTEM, directory=tmp_path)
