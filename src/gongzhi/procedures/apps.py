"""The app procedures as Django sees it."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The app procedures."""

    name = "gongzhi.procedures"
    label = "procedures"
    verbose_name = "程序"
