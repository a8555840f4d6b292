"""The app visits as Django sees it."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The app visits."""

    name = "gongzhi.visits"
    label = "visits"
    verbose_name = "走访"
