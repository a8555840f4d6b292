"""The pages and operations of procedures, as the reader's posts allow."""

from __future__ import annotations

import pytest
from django.test import Client

from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.procedures import errors, queries
from gongzhi.procedures.tests.support import GRID, World, desk, open_matter


@pytest.mark.parametrize("procedure", ["matter", "six-step-deliberation"])
def test_a_procedure_is_told_with_owners_times_moves_and_examples(
    world: World, procedure: str
) -> None:
    version = queries.current_version(procedure, GRID)
    open_matter(procedure=procedure)
    view = queries.describe(world.staff["district_clerk"], version)
    definition = queries.definition_of(version)
    assert [stage.key for stage in view.stages] == list(definition.stages)
    assert len(view.moves) == len(definition.moves)
    assert not [told for told in view.scenarios if told.fault]
    assert view.running == 1


def test_nobody_without_a_post_learns_of_procedures(world: World) -> None:
    assert queries.visible_versions(ANONYMOUS) == []
    with pytest.raises(errors.ProcedureUnknown):
        queries.describe(ANONYMOUS, queries.current_version("matter", GRID))


def test_the_pages_show_the_list_and_one_procedure(world: World) -> None:
    client = desk(world.staff["grid_worker"])
    page = client.get("/desk/procedures/")
    assert page.status_code == 200
    version = queries.current_version("matter", GRID)
    assert f"/desk/procedures/{version}/" in page.content.decode()
    one = client.get(f"/desk/procedures/{version}/").content.decode()
    assert "网格" in one
    assert "一般事项5个工作日" in one
    assert " style=" not in one
    assert client.get("/desk/procedures/999999/").status_code == 404


def test_the_pages_ask_a_stranger_to_sign_in(world: World) -> None:
    assert Client().get("/desk/procedures/").status_code == 302
