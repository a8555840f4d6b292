"""The addresses of the API and of Open311."""

from django.urls import include, path

from gongzhi.interchange.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("gongzhi.interchange.open311.urls")),
]
