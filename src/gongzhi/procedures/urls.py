"""Addresses of the procedures in force, and of every case."""

from django.urls import path

from gongzhi.procedures.pages import case, catalogue, question, supervised

app_name = "procedures"
_CASE = "desk/cases/<str:reference>/"

urlpatterns = [
    path("desk/procedures/", catalogue.procedure_list, name="list"),
    path("desk/procedures/<int:version>/", catalogue.procedure_page, name="procedure"),
    path("desk/supervised/", supervised.supervised, name="supervised"),
    path("desk/items/<int:item>/<str:what>/", case.item, name="item"),
    path("desk/questions/<int:question>/<str:what>/", question.manage, name="manage_question"),
    path("q/answered/", question.answered, name="question_answered"),
    path("q/<str:secret>/", question.question, name="question"),
    path(_CASE, case.case, name="case"),
    path(f"{_CASE}moves/<str:move>/", case.move, name="move"),
    path(f"{_CASE}steps/<str:step>/", case.step, name="step"),
]
