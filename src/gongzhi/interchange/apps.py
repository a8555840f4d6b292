"""The app interchange as Django sees it."""

from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    """The app interchange."""

    name = "gongzhi.interchange"
    label = "interchange"
    verbose_name = "接口"
