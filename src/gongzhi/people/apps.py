"""Registers the people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts, personal data and sign-in."""

    name = "gongzhi.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "人员"
