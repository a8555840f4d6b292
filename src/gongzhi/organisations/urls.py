"""Addresses of organisations, posts, one person, and the audit."""

from django.urls import path

from gongzhi.organisations.pages import organisations, people, posts

app_name = "organisations"
urlpatterns = [
    path("desk/organisations/", organisations.organisation_list, name="list"),
    path("desk/organisations/new/", organisations.new_organisation, name="new"),
    path(
        "desk/organisations/<int:organisation>/",
        organisations.organisation_page,
        name="organisation",
    ),
    path(
        "desk/organisations/<int:organisation>/change/",
        organisations.change_organisation,
        name="change",
    ),
    path(
        "desk/organisations/<int:organisation>/abolish/",
        organisations.abolish_organisation,
        name="abolish",
    ),
    path("desk/posts/", posts.post_list, name="posts"),
    path("desk/posts/at/<str:code>/", posts.posts_at, name="posts_at"),
    path("desk/posts/new/", posts.new_post, name="new_post"),
    path("desk/posts/<int:post>/end/", posts.end_post, name="end_post"),
    path("desk/posts/<int:post>/hand-over/", posts.hand_over, name="hand_over"),
    path("desk/posts/<int:post>/deputy/", posts.deputise, name="deputise"),
    path("desk/people/<int:account>/", people.person, name="person"),
    path("desk/audit/", people.audit, name="audit"),
]
