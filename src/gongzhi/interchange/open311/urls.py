"""The addresses of the standard, each in both forms."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from gongzhi.interchange.open311 import views
from gongzhi.interchange.open311.writing import FORMS

_ADDRESSES = (
    ("discovery", views.discovery),
    ("services", views.service_list),
    ("services/<str:code>", views.service_definition),
    ("requests", views.request_list),
    ("requests/<str:reference>", views.one_request),
    ("tokens/<str:token>", views.token),
)

urlpatterns = [
    # No session counts here, so there is nothing that another page could misuse.
    path(f"open311/v2/{address}.{form}", csrf_exempt(view), {"form": form})
    for address, view in _ADDRESSES
    for form in FORMS
]
urlpatterns += [
    path("open311/v2/", csrf_exempt(views.elsewhere), {"what": ""}),
    path("open311/v2/<path:what>", csrf_exempt(views.elsewhere)),
]
