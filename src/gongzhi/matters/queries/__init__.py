"""Every read of matters; what an actor may see is decided here, on every path."""

from gongzhi.matters.queries.categories import (
    CategoryBook,
    CategoryInfo,
    category_book,
    category_name,
    category_rows,
    suggest,
)
from gongzhi.matters.queries.detail import (
    MatterDetail,
    ReporterShown,
    get_matter,
    matter_for,
)
from gongzhi.matters.queries.drilling import Drilled
from gongzhi.matters.queries.export import EXPORT_COLUMNS, export_rows
from gongzhi.matters.queries.lists import (
    Counts,
    Filters,
    MatterRow,
    checked,
    counts,
    list_matters,
    points_geojson,
    visible_to,
)
from gongzhi.matters.queries.photos import PhotoFile, PhotoInfo, photo_for, photos_for_reporter
from gongzhi.matters.queries.public import (
    PublicProgress,
    PublicRow,
    PublicStatus,
    PublicView,
    public_progress,
    public_status,
    public_view,
    recent_public,
)
from gongzhi.matters.queries.saved import Saved, saved_lists
from gongzhi.matters.queries.several import Several, several_of
from gongzhi.matters.queries.sheets import (
    SheetLine,
    SheetView,
    bad_rows,
    next_line,
    own_sheets,
    running_sheets,
    sheet_line,
    sheet_view,
)
from gongzhi.matters.queries.similar import SimilarRow, Wanted, similar_in_public, similar_to
from gongzhi.matters.queries.suggestions import (
    Likely,
    Measured,
    Suggestion,
    likely_organisations,
    measured,
    suggestions,
)
from gongzhi.matters.queries.together import CommonMove, Together, move_for_many, together

__all__ = [
    "EXPORT_COLUMNS",
    "CategoryBook",
    "CategoryInfo",
    "CommonMove",
    "Counts",
    "Drilled",
    "Filters",
    "Likely",
    "MatterDetail",
    "MatterRow",
    "Measured",
    "PhotoFile",
    "PhotoInfo",
    "PublicProgress",
    "PublicRow",
    "PublicStatus",
    "PublicView",
    "ReporterShown",
    "Saved",
    "Several",
    "SheetLine",
    "SheetView",
    "SimilarRow",
    "Suggestion",
    "Together",
    "Wanted",
    "bad_rows",
    "category_book",
    "category_name",
    "category_rows",
    "checked",
    "counts",
    "export_rows",
    "get_matter",
    "likely_organisations",
    "list_matters",
    "matter_for",
    "measured",
    "move_for_many",
    "next_line",
    "own_sheets",
    "photo_for",
    "photos_for_reporter",
    "points_geojson",
    "public_progress",
    "public_status",
    "public_view",
    "recent_public",
    "running_sheets",
    "saved_lists",
    "several_of",
    "sheet_line",
    "sheet_view",
    "similar_in_public",
    "similar_to",
    "suggest",
    "suggestions",
    "together",
    "visible_to",
]
