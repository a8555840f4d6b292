"""Addresses of the figures."""

from django.urls import path

from gongzhi.indicators.pages import desk, public

app_name = "indicators"
urlpatterns = [
    path("figures/", public.figures, name="public"),
    path("figures/<str:code>/", public.figures, name="public_area"),
    path("desk/figures/", desk.figures, name="figures"),
    path("desk/figures/burden/", desk.burden, name="burden"),
    path("desk/figures/<str:code>/", desk.figures, name="area"),
    path("desk/figures/<str:code>/<str:table>.xlsx", desk.sheet, name="sheet"),
]
