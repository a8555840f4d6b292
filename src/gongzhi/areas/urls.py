"""Addresses of the area pages."""

from django.urls import path

from gongzhi.areas import pages

app_name = "areas"
urlpatterns = [
    path("my-grid/", pages.my_grid, name="my_grid"),
    path("areas/shapes.geojson", pages.shapes, name="shapes"),
    path("desk/areas/", pages.area_list, name="list"),
    path("desk/areas/import/", pages.import_page, name="import"),
    path("desk/areas/<str:code>/", pages.area_page, name="area"),
    path("desk/areas/<str:code>/rename/", pages.rename, name="rename"),
    path("desk/areas/<str:code>/split/", pages.split, name="split"),
    path("desk/areas/<str:code>/merge/", pages.merge, name="merge"),
    path("desk/areas/<str:code>/export.<str:form>", pages.export, name="export"),
]
