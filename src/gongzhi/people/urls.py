"""Addresses of people and of one's own account."""

from django.urls import path

from gongzhi.people.pages import desk, own

app_name = "people"
urlpatterns = [
    path("desk/people/", desk.people_list, name="list"),
    path("desk/people/new/", desk.new_person, name="new"),
    path("desk/people/<int:account>/change/", desk.change_person, name="change"),
    path("desk/people/<int:account>/data/", desk.personal_data, name="data"),
    path("desk/people/<int:account>/reveal/", desk.reveal, name="reveal"),
    path("desk/people/<int:account>/close/", desk.close_person, name="close"),
    path("desk/people/<int:account>/reopen/", desk.reopen_person, name="reopen"),
    path("desk/people/<int:account>/password/", desk.reset_password, name="password"),
    path(
        "desk/people/<int:account>/second-factor/",
        desk.reset_second_factor,
        name="second_factor",
    ),
    path("desk/account/", own.own_account, name="own"),
    path("desk/account/data/", own.own_data, name="own_data"),
    path("desk/account/preferences/", own.preferences, name="preferences"),
    path("desk/account/tokens/new/", own.new_token, name="new_token"),
    path("desk/account/tokens/<int:token>/revoke/", own.revoke_token, name="revoke_token"),
]
