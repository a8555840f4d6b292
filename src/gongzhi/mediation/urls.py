"""Addresses of disputes and consultations: the desk alone, nothing of them is public."""

from django.urls import path

from gongzhi.mediation.pages import counselling, disputes

app_name = "mediation"

urlpatterns = [
    path("desk/disputes/", disputes.listing, name="disputes"),
    path("desk/disputes/new/", disputes.new, name="new_dispute"),
    path("desk/disputes/<str:reference>/", disputes.one, name="dispute"),
    path("desk/counselling/", counselling.listing, name="consultations"),
    path("desk/counselling/new/", counselling.new, name="new_consultation"),
    path("desk/counselling/<str:reference>/", counselling.one, name="consultation"),
]
