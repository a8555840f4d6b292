"""The address of the API."""

from django.urls import path

from gongzhi.interchange.api import api

urlpatterns = [path("api/v1/", api.urls)]
