"""The category table by page: looked over, brought into force, given out; due times inherited."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.errors import NotAllowed
from gongzhi.matters import actions, queries
from gongzhi.matters.errors import CategoriesUnreadable
from gongzhi.matters.tables import COLUMNS, read_table
from gongzhi.matters.tests.test_pages_matters import text, visitor
from gongzhi.organisations.tests import support as small
from gongzhi.people.models import Account
from gongzhi.procedures.tests.support import World

HEAD = ",".join(COLUMNS)
TABLE = f"""{HEAD}
one,,一类,,,,,5 workdays,某条例第一条
two,one,二类,,,,漏水,24 hours,某条例第二条
three,two,三类,,,,,,
four,one,四类,,,,,,
""".encode()


@pytest.fixture
def admin(world: World) -> Any:
    """Return the browser of a system administrator."""
    actor = small.staff("sysadmin", "system_admin", small.DISTRICT)
    client = visitor()
    client.force_login(Account.objects.get(pk=actor.account or 0))
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def file(content: bytes) -> Any:
    return SimpleUploadedFile("表.csv", content, "text/csv")


def test_a_due_time_is_inherited_with_its_rule(world: World) -> None:
    actions.load_categories(actor=SYSTEM, file=TABLE)
    book = queries.category_book().categories
    told = {code: (one.due, one.due_basis) for code, one in book.items()}
    assert told == {
        "one": ("5 workdays", "某条例第一条"),
        "two": ("24 hours", "某条例第二条"),
        "three": ("24 hours", "某条例第二条"),
        "four": ("5 workdays", "某条例第一条"),
    }


def test_the_table_of_the_house_names_a_rule_for_each_due_time(world: World) -> None:
    book = queries.category_book().categories.values()
    assert all(one.due and one.due_basis for one in book)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("x,,甲,,,,,五天,某条", "期限"),
        ("x,,甲,,,,,0 days,某条", "期限"),
        ("x,,甲,,,,,5 days,", "依据"),
        ("x,,甲,,,,,,某条", "依据"),
        ("x,,甲,,,,,5 days", "列数"),
    ],
)
def test_a_due_time_that_cannot_be_is_named_with_its_line(row: str, words: str) -> None:
    lines, problems = read_table(f"{HEAD}\n{row}\n".encode())
    assert not lines
    assert [(one.field, words in one.message) for one in problems] == [("line 2", True)]


def test_tables_from_before_due_times_are_read_still() -> None:
    lines, problems = read_table(",".join(COLUMNS[:7]).encode() + b"\none,,x,,,,\n")
    assert (len(lines), problems, lines[0].due) == (1, [], "")


def test_a_table_is_looked_over_and_then_brought_into_force(world: World, admin: Any) -> None:
    page, before = reverse("matters:categories_load"), queries.category_book().number
    shown = text(admin.post(page, {"file": file(TABLE)}))
    assert "共 4 类" in shown
    assert "停用" in shown
    assert queries.category_book().number == before
    done = admin.post(page, {"seen": TABLE.decode(), "confirm": "1"}, follow=True)
    assert "已启用" in text(done)
    assert set(queries.category_book().categories) == {"one", "two", "three", "four"}
    again = text(admin.post(page, {"file": file(TABLE)}))
    assert "没有改动" in again
    changed = TABLE.replace("二类".encode(), "新二类".encode())
    assert "two" in text(admin.post(page, {"file": file(changed)}))


@pytest.mark.parametrize("content", [b"", b"\xff\xff", b"nonsense", b"\x00", HEAD.encode()])
def test_what_is_no_table_changes_nothing(world: World, admin: Any, content: bytes) -> None:
    before = queries.category_book().number
    answer = admin.post(reverse("matters:categories_load"), {"file": file(content)})
    assert answer.status_code == 200
    assert "form-errors" in text(answer) or "field-error" in text(answer)
    assert queries.category_book().number == before


def test_the_table_given_out_can_be_brought_back(world: World, admin: Any) -> None:
    given = admin.get(reverse("matters:categories_table")).content
    lines, problems = read_table(given)
    assert (len(lines), problems) == (len(queries.category_book().categories), [])
    assert not actions.load_categories(actor=SYSTEM, file=given).changed


def test_only_system_administration_loads_a_table(world: World) -> None:
    with pytest.raises(NotAllowed):
        actions.load_categories(actor=world.staff["district_clerk"], file=TABLE)
    with pytest.raises(CategoriesUnreadable):
        actions.load_categories(actor=SYSTEM, file=b"x")
