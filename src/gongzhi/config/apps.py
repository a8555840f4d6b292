"""Mounts what apps offer by file name: handlers of facts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ConfigConfig(AppConfig):
    """The last app to be ready, when every other one is."""

    name = "gongzhi.config"
    label = "config"

    def ready(self) -> None:
        autodiscover_modules("handlers")
