"""Who reads English meets English names of stages and moves; what is kept stays as it was said."""

from __future__ import annotations

from django.utils import translation

from gongzhi.matters.tests.support import GRID, Caller, report
from gongzhi.procedures import queries
from gongzhi.procedures.tests.support import World


def test_an_english_reader_meets_english_names_and_the_records_stay(world: World) -> None:
    done = report(area=GRID)
    caller = Caller(world.staff["grid_worker"])
    state = queries.case_state(done.case)
    with translation.override("en"):
        found = queries.definition_of(state.version)
        assert found.stages["grid"].name == "Grid"
        assert {one.name for one in found.moves if one.source == "grid"} >= {"Answer as done"}
    assert queries.definition_of(state.version).stages["grid"].name == "网格"
    answer = {"data": {"result": "solved", "answer": "已修好"}}
    path = f"/matters/{done.reference}/moves/answer"
    said = caller.post(path, answer, **{"Accept-Language": "en"})
    assert said.json()["stage_name"] == "Follow-up"
    # What is kept with the case is as the file says it, whoever made the move.
    with translation.override("zh-hans"):
        assert "办好答复" in str(queries.timeline(queries.case_state(done.case)))
