"""The addresses of the API, of Open311, and of the pages of webhooks."""

from django.urls import include, path

from gongzhi.interchange import pages
from gongzhi.interchange.api import api

_WEBHOOKS = [
    path("", pages.endpoint_list, name="endpoints"),
    path("new/", pages.new_endpoint, name="new_endpoint"),
    path("<int:endpoint>/", pages.one_endpoint, name="endpoint"),
    path("<int:endpoint>/<str:step>/", pages.step, name="step"),
    path("<int:endpoint>/<int:delivery>/resend/", pages.resend, name="resend"),
]

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("gongzhi.interchange.open311.urls")),
    path("desk/webhooks/", include((_WEBHOOKS, "interchange"))),
]
