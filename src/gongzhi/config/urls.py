"""All addresses of the system, mounted in one place."""

from django.urls import URLPattern, URLResolver, include, path

from gongzhi.config import health, operations

# The API first: programs ask more often than people, and its addresses are the longest list.
_MOUNTS = (
    "interchange",
    "portal",
    "people",
    "organisations",
    "areas",
    "messages",
    "procedures",
    "matters",
    "mediation",
    "visits",
    "indicators",
)

operations.mount()

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
    path("accounts/", include("gongzhi.people.account_urls")),
    *[path("", include(f"gongzhi.{app}.urls")) for app in _MOUNTS],
]

handler400 = "gongzhi.config.errors.bad_request"
handler403 = "gongzhi.config.errors.forbidden"
handler404 = "gongzhi.config.errors.not_found"
handler500 = "gongzhi.config.errors.server_error"
