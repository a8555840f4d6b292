"""The app messages as Django sees it."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The app messages."""

    name = "gongzhi.messages"
    label = "notices"
    verbose_name = "通知"
