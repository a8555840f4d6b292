"""Addresses of notices."""

from django.urls import path

from gongzhi.messages import pages

app_name = "messages"

urlpatterns = [
    path("desk/notices/", pages.inbox, name="inbox"),
    path("desk/notices/read/", pages.read_all, name="read_all"),
    path("desk/notices/mail/", pages.preferences, name="preferences"),
    path("desk/notices/letters/", pages.letters, name="letters"),
    path("desk/notices/letters/<int:item>/<str:what>/", pages.letter, name="letter"),
    path("desk/notices/<int:item>/", pages.one, name="one"),
    path("desk/notices/<int:item>/read/", pages.read, name="read"),
    path("notices/confirm/<int:item>/<str:secret>/", pages.confirm, name="confirm"),
    path("notices/stop/<int:item>/<str:secret>/", pages.stop, name="stop"),
]
