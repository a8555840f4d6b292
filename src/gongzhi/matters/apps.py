"""The app matters as Django sees it."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """The app matters."""

    name = "gongzhi.matters"
    label = "matters"
    verbose_name = "事项"

    def ready(self) -> None:
        """Let procedures carry matters, and know the effect that their files may name."""
        from gongzhi.matters.actions import verdicts  # noqa: F401  # registers on import
        from gongzhi.matters.actions.photos import keep_answer_photos
        from gongzhi.matters.choices import HANDLE, SEE, SUBJECT
        from gongzhi.matters.pages.case import FACE
        from gongzhi.matters.queries import accused, duties  # noqa: F401  # registers on import
        from gongzhi.procedures.choices import Subject, register_subject

        register_subject(Subject(SUBJECT, SEE, HANDLE, keep_answer_photos), FACE)
