"""Addresses of the procedures."""

from django.urls import path

from gongzhi.procedures import pages

app_name = "procedures"
urlpatterns = [
    path("desk/procedures/", pages.procedure_list, name="list"),
    path("desk/procedures/<int:version>/", pages.procedure_page, name="procedure"),
]
