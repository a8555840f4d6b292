"""Addresses of visits: the desk alone."""

from django.urls import path

from gongzhi.visits import pages

app_name = "visits"
_VISIT = "desk/visits/<int:visit>/"

urlpatterns = [
    path("desk/visits/", pages.listing, name="list"),
    path("desk/visits/new/", pages.new, name="new"),
    path(_VISIT, pages.visit, name="visit"),
    path(f"{_VISIT}needs/<int:need>/", pages.answer, name="answer_need"),
]
