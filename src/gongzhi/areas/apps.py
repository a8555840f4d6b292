"""The areas app: the code tree, its history and its shapes."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Registers the app under the label `areas`."""

    name = "gongzhi.areas"
    label = "areas"
    default_auto_field = "django.db.models.BigAutoField"
