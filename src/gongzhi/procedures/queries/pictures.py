"""The drawn procedure of a case, for the case page and the reporter's page."""

from __future__ import annotations

from gongzhi.procedures.definition import drawing
from gongzhi.procedures.definition.drawing import Drawing
from gongzhi.procedures.models import WorkItem
from gongzhi.procedures.queries.catalogue import definition_of
from gongzhi.procedures.queries.reading import CaseState


def drawing_of(state: CaseState, *, public: bool = False) -> Drawing:
    """Return the procedure of a case, drawn with where the case stands and has been."""
    found = WorkItem.objects.filter(case_id=state.id).order_by("visit", "id")
    visited = list(dict.fromkeys(found.values_list("stage", flat=True)))
    current = state.outcome or state.stage
    return drawing(definition_of(state.version), current, visited, public=public)
