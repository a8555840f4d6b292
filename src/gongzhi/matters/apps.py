"""The app matters as Django sees it."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """The app matters."""

    name = "gongzhi.matters"
    label = "matters"
    verbose_name = "事项"
