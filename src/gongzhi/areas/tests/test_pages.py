"""The pages of areas: what each face shows, and what a form does."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.areas import actions, queries
from gongzhi.areas.actions.writing import NewShape, forget_places, save_shapes
from gongzhi.areas.models import Adjustment, Area
from gongzhi.areas.tests.conftest import Visit
from gongzhi.areas.tests.support import DISTRICTS, HOME, OTHER_HOME, STREET, current
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM, Actor, PostHeld
from gongzhi.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db
NEW = "990101001003"


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_area_page_shows_children_and_counts(tree: None, visit: Visit) -> None:
    text = _text(visit(reverse("areas:area", args=[HOME])))
    assert "一社区第2网格" in text
    assert "600" in text
    assert reverse("areas:split", args=[HOME]) in text


def test_counts_and_buttons_are_only_for_who_may(tree: None, visit: Visit) -> None:
    text = _text(visit(reverse("areas:area", args=[HOME]), at=OTHER_HOME))
    assert "一社区第2网格" in text
    assert ">600<" not in text
    assert reverse("areas:split", args=[HOME]) not in text


@pytest.mark.parametrize("code", [STREET, HOME])
def test_the_area_page_asks_the_same_number_of_questions(
    tree: None, visit: Visit, code: str
) -> None:
    path = reverse("areas:area", args=[code])
    visit(path)
    with CaptureQueriesContext(connection) as few:
        visit(path)
    parts = [actions.Part(HOME, "一社区", (HOME + "001",)), actions.Part(NEW, "新", _rest())]
    change = actions.Change(current(HOME).valid_from.replace(year=2024), "拆")
    actions.split_area(actor=SYSTEM, code=HOME, parts=parts, change=change)
    visit(path)  # names are held for a while, and were forgotten with the change
    with CaptureQueriesContext(connection) as many:
        visit(path)
    assert len(many) == len(few)


def _rest() -> tuple[str, ...]:
    return (HOME + "002", HOME + "003")


def test_a_search_finds_by_name_and_code(tree: None, visit: Visit) -> None:
    assert "二社区第1网格" in _text(visit(reverse("areas:list") + "?words=二社区第"))
    assert "三社区" in _text(visit(reverse("areas:list") + "?words=990101002001"))
    assert "没有找到" in _text(visit(reverse("areas:list") + "?words=无此"))


def test_a_split_by_form(tree: None, visit: Visit) -> None:
    data = {
        "new_name": "新社区",
        "new_code": NEW,
        "children": [HOME + "003"],
        "on": "2024-05-01",
        "title": "街道批复",
    }
    answer = visit(reverse("areas:split", args=[HOME]), data)
    assert answer.status_code == 302
    assert current(NEW).households == 100
    assert "街道批复" in _text(visit(reverse("areas:area", args=[NEW])))


def test_a_refused_split_says_why_and_keeps_what_was_typed(tree: None, visit: Visit) -> None:
    data = {
        "new_name": "新社区",
        "new_code": OTHER_HOME,
        "children": [HOME + "003"],
        "on": "2019-05-01",
        "title": "街道批复",
    }
    answer = visit(reverse("areas:split", args=[HOME]), data)
    assert answer.status_code == 200
    assert "不能在" in _text(answer)
    assert "街道批复" in _text(answer)
    assert not Adjustment.objects.exists()


def test_a_leaf_split_by_form_conserves(tree: None, visit: Visit) -> None:
    grid = OTHER_HOME + "001"
    data = {
        "new_name": "二社区第2网格",
        "new_code": OTHER_HOME + "002",
        "households": "150",
        "residents": "350",
        "on": "2024-05-01",
        "title": "细分",
    }
    assert visit(reverse("areas:split", args=[grid]), data).status_code == 302
    assert (current(grid).households, current(grid).residents) == (250, 550)


def test_a_merge_and_a_rename_by_form(tree: None, visit: Visit) -> None:
    data = {"others": [OTHER_HOME], "name": "大社区", "on": "2024-05-01", "title": "合并"}
    assert visit(reverse("areas:merge", args=[HOME]), data).status_code == 302
    assert current(HOME).households == 1000
    data = {"name": "更大社区", "on": "2024-06-01"}
    assert visit(reverse("areas:rename", args=[HOME]), data).status_code == 302
    assert current(HOME).name == "更大社区"


@pytest.mark.parametrize("page", ["split", "merge", "rename"])
def test_forms_open_and_are_closed_to_others(tree: None, visit: Visit, page: str) -> None:
    path = reverse(f"areas:{page}", args=[HOME])
    assert "依据" in _text(visit(path)) or page == "rename"
    with pytest.raises(NotAllowed):
        visit(path, at=OTHER_HOME)


def _upload(text: str, **more: str) -> dict[str, Any]:
    file = SimpleUploadedFile("a.csv", text.encode())
    return {"file": file, "system": "wgs84", **more}


def test_import_is_checked_first_and_then_carried_over(tree: None, visit: Visit) -> None:
    path = reverse("areas:import")
    text = f"代码,名称,类别\n{NEW},新社区,居民区社区\n"
    checked = _text(visit(path, _upload(text, step="check")))
    assert "检查通过" in checked
    assert not Area.objects.filter(code=NEW).exists()
    carried = checked.split('name="carried" value="')[1].split('"')[0]
    done = visit(path, {"carried": carried, "system": "wgs84", "step": "import"})
    assert done.status_code == 302
    assert current(NEW).name == "新社区"


def test_import_lists_every_bad_row(tree: None, visit: Visit) -> None:
    text = f"代码,名称,类别\n{NEW},,居民区社区\n12345,x,居民区社区\n"
    checked = _text(visit(reverse("areas:import"), _upload(text, step="check")))
    assert "有 2 处要改" in checked
    assert "名称为空" in checked
    assert "不是区划代码" in checked


@pytest.mark.parametrize("carried", ["", "forged", "W10:1x:abc"])
def test_import_without_a_file_or_with_a_forged_one_is_refused(
    tree: None, visit: Visit, carried: str
) -> None:
    data = {"carried": carried, "system": "wgs84", "step": "import"}
    answer = visit(reverse("areas:import"), data)
    assert answer.status_code == 200
    assert "选择文件" in _text(answer)


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_exports_download(tree: None, visit: Visit, form: str) -> None:
    answer = visit(reverse("areas:export", args=[HOME, form]))
    assert answer["Content-Disposition"] == f'attachment; filename="areas-{HOME}.{form}"'
    assert len(answer.content) > 100


@action
def _draw(*, actor: Actor) -> None:
    for n in range(1, 4):
        box = shapely.box(110 + n, 30, 111 + n, 31)
        save_shapes({current(f"{HOME}00{n}").id: NewShape(box, True)})
    forget_places()


def test_my_grid_by_list_and_by_point(tree: None, client: Client) -> None:
    _draw(actor=SYSTEM)
    path = reverse("areas:my_grid")
    assert "逐级选择" in _text(client.get(path))
    assert "一社区第2网格" in _text(client.get(path, {"area": HOME + "002"}))
    assert "一社区第2网格" in _text(client.get(path, {"lon": "112.5", "lat": "30.5"}))
    assert "不在本区范围" in _text(client.get(path, {"lon": "99", "lat": "30.5"}))
    assert "没有这个区域" in _text(client.get(path, {"area": "990199"}))


@pytest.mark.parametrize(
    "query",
    [{"lon": "x", "lat": "1"}, {"lon": "nan", "lat": "inf"}, {"area": "<b>"}, {"area": "'"}],
)
def test_my_grid_takes_nonsense_calmly(tree: None, client: Client, query: dict[str, str]) -> None:
    assert client.get(reverse("areas:my_grid"), query).status_code == 200


@pytest.mark.requirement("002-11")
def test_one_chooses_street_community_and_area_without_scripts(client: Client) -> None:
    actions.load_district_areas(actor=SYSTEM, directory=DISTRICTS / "anning")
    path = reverse("areas:my_grid")
    assert "西路街道" in _text(client.get(path))
    assert "费家营社区" in _text(client.get(path, {"area": "620105002"}))
    last = _text(client.get(path, {"area": ["620105002", "620105002002"]}))
    assert "第3片区" in last
    found = _text(client.get(path, {"area": ["620105002", "620105002002", "620105002002003"]}))
    assert "<dt>片区</dt>" in found


def test_shapes_are_kept_by_the_browser_until_they_change(tree: None, client: Client) -> None:
    _draw(actor=SYSTEM)
    path, query = reverse("areas:shapes"), {"within": HOME, "level": "grid"}
    first = client.get(path, query)
    assert first.json()["features"][0]["properties"]["code"] == HOME + "001"
    again = client.get(path, query, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    _draw(actor=SYSTEM)
    assert client.get(path, query, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("areas:shapes", {"within": "x"}),
        ("areas:shapes", {}),
        ("areas:shapes", {"within": "12345"}),
    ],
)
def test_bad_addresses_are_clear_errors(
    db: None, client: Client, name: str, query: dict[str, str]
) -> None:
    assert client.get(reverse(name), query).status_code == 422


def test_names_and_paths_take_one_statement_however_many(tree: None) -> None:
    for wanted in ([HOME], list(Area.objects.values_list("code", flat=True))):
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.names(wanted)) == len(wanted)
        assert len(asked) == 1
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.path_names(wanted)) == len(wanted)
        assert len(asked) == 1


def test_counts_stay_inside_each_post(tree: None) -> None:
    post = PostHeld(1, "community_worker", HOME, None, frozenset({"areas.see"}))
    worker = Actor("person", 1, "甲", (post,))
    assert set(queries.counts(worker, [HOME, OTHER_HOME, STREET])) == {HOME}
    assert queries.counts(ANONYMOUS, [HOME]) == {}
