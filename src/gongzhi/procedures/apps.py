"""The app procedures as Django sees it."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The app procedures."""

    name = "gongzhi.procedures"
    label = "procedures"
    verbose_name = "程序"

    def ready(self) -> None:
        """Register the guards that every procedure may use, and the cases that are tasks."""
        from gongzhi.procedures.choices import TASK, Subject, register_subject
        from gongzhi.procedures.pages.task import FACE
        from gongzhi.procedures.queries import guards  # noqa: F401  # registers on import

        register_subject(Subject(TASK, "matters.see", "matters.handle"), FACE)
