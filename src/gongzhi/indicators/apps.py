"""The app indicators as Django sees it."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The app indicators."""

    name = "gongzhi.indicators"
    label = "indicators"
    verbose_name = "数据"
