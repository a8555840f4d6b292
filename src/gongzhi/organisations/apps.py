"""Registers the organisations app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations and posts."""

    name = "gongzhi.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "组织与岗位"
