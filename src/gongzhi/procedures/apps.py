"""The app procedures as Django sees it."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The app procedures."""

    name = "gongzhi.procedures"
    label = "procedures"
    verbose_name = "程序"

    def ready(self) -> None:
        """Register the guards that every procedure may use."""
        from gongzhi.procedures.queries import guards  # noqa: F401  # registers on import
