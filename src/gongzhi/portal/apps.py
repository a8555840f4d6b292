"""The portal as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Page shell, home, search and map."""

    name = "gongzhi.portal"
    label = "portal"
    verbose_name = "门户"
