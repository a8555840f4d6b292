"""Installs the writer of facts into the kernel."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FactsConfig(AppConfig):
    """The log app: once all apps are ready, every app's handlers are known."""

    name = "gongzhi.facts"
    label = "facts"

    def ready(self) -> None:
        """Let actions write to the log, and find the handlers of every app."""
        from gongzhi.facts.actions import append
        from gongzhi.kernel.action import install_writer

        install_writer(append)
        autodiscover_modules("handlers")
