"""Addresses of matters: the residents' pages and the desk."""

from django.urls import path

from gongzhi.matters.pages import (
    case,
    categories,
    done,
    duties,
    follow,
    inbox,
    lists,
    patrol,
    report,
    several,
    sheets,
    staff,
    together,
)

app_name = "matters"
_CASE = "desk/matters/<str:reference>/"
_LINK = "follow/<str:reference>/<str:secret>/"

urlpatterns = [
    path("report/", report.what, name="report"),
    path("ask/", report.ask, name="ask"),
    path("report/where/", report.where, name="report_where"),
    path("report/similar/", report.similar, name="report_similar"),
    path("report/contact/", report.contact, name="report_contact"),
    path("report/sent/<str:reference>/<str:secret>/", report.sent, name="report_sent"),
    path("done/", done.done, name="done"),
    path("follow/", follow.follow, name="follow"),
    path(_LINK, follow.one, name="follow_one"),
    path(f"{_LINK}verdict/", follow.verdict, name="verdict"),
    path(f"{_LINK}photos/<int:photo>/<str:size>/", follow.photo, name="follow_photo"),
    path("desk/", inbox.inbox, name="inbox"),
    path("desk/bulk/", inbox.bulk, name="bulk"),
    path("desk/together/", together.together, name="together"),
    path("desk/matters/", lists.listing, name="list"),
    path("desk/patrol/", patrol.patrol, name="patrol"),
    path("desk/matters/saved/", lists.save, name="save_list"),
    path("desk/duties/", duties.duty_list, name="duties"),
    path("desk/matters/new/", staff.new, name="new"),
    path("desk/matters/alike/", several.alike, name="alike"),
    path("desk/settings/categories/load/", categories.load, name="categories_load"),
    path("desk/settings/categories/table.csv", categories.table, name="categories_table"),
    path("desk/matters/import/", sheets.sheets, name="sheets"),
    path("desk/matters/import/<int:sheet>/", sheets.sheet, name="sheet"),
    path("desk/matters/import/<int:sheet>/rows/<int:line>/", sheets.mend, name="sheet_mend"),
    path("desk/matters/import/<int:sheet>/take/", sheets.take, name="sheet_take"),
    path("desk/matters/import/<int:sheet>/drop/", sheets.drop, name="sheet_drop"),
    path("desk/matters/import/<int:sheet>/bad.xlsx", sheets.bad, name="sheet_bad"),
    path("desk/matters/points.geojson", lists.points, name="points"),
    path("desk/matters/export.<str:form>", lists.export, name="export"),
    path(_CASE, case.case, name="case"),
    path(f"{_CASE}several/", several.several, name="several"),
    path(f"{_CASE}merge/", several.merge, name="merge"),
    path(f"{_CASE}separate/", several.separate, name="separate"),
    path(f"{_CASE}parts/", several.parts, name="parts"),
    path(f"{_CASE}photos/<int:photo>/<str:size>/", case.photo, name="photo"),
]
