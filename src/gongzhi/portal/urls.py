"""Addresses of the portal's pages."""

from django.urls import path

from gongzhi.portal import pages

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("areas/choices/", pages.area_choices, name="area_choices"),
    path("areas/at/", pages.area_at, name="area_at"),
    path("settings/large-print/", pages.large_print, name="large_print"),
    path("settings/language/", pages.language, name="language"),
    path("desk/worker.js", pages.worker, name="worker"),
    path("desk/search/", pages.search, name="search"),
    path("desk/map/", pages.map_page, name="map"),
    path("desk/settings/", pages.settings_page, name="settings"),
    path("desk/settings/categories/", pages.categories, name="categories"),
    path("desk/settings/calendar/", pages.calendar, name="calendar"),
    path("desk/components/", pages.components, name="components"),
]
