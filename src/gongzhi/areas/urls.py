"""Addresses of the area tree."""

from django.urls import path

from gongzhi.areas.pages import registers, tree

app_name = "areas"
urlpatterns = [
    path("my-grid/", tree.my_grid, name="my_grid"),
    path("areas/shapes.geojson", tree.shapes, name="shapes"),
    path("desk/areas/", tree.area_list, name="list"),
    path("desk/areas/import/", tree.import_page, name="import"),
    path("desk/areas/aliases/", registers.alias_list, name="aliases"),
    path("desk/areas/aliases/new/", registers.new_alias, name="new_alias"),
    path("desk/areas/aliases/<int:item>/end/", registers.end_alias, name="end_alias"),
    path("desk/areas/sets/", registers.set_list, name="sets"),
    path("desk/areas/sets/new/", registers.new_set, name="new_set"),
    path("desk/areas/sets/<int:item>/", registers.set_page, name="set"),
    path("desk/areas/sets/<int:item>/members/", registers.set_members, name="set_members"),
    path("desk/areas/sets/<int:item>/end/", registers.end_set, name="end_set"),
    path("desk/areas/<str:code>/", tree.area_page, name="area"),
    path("desk/areas/<str:code>/rename/", tree.rename, name="rename"),
    path("desk/areas/<str:code>/split/", tree.split, name="split"),
    path("desk/areas/<str:code>/merge/", tree.merge, name="merge"),
    path("desk/areas/<str:code>/export.<str:form>", tree.export, name="export"),
]
