"""The app mediation as Django sees it."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    """The app mediation."""

    name = "gongzhi.mediation"
    label = "mediation"
    verbose_name = "矛盾纠纷"

    def ready(self) -> None:
        """Let procedures carry disputes and consultations, each seen with its own power alone."""
        from gongzhi.mediation import choices
        from gongzhi.mediation.pages import counselling, disputes
        from gongzhi.mediation.queries import guards  # noqa: F401  # registers on import
        from gongzhi.procedures.choices import Subject, register_subject

        register_subject(Subject(choices.DISPUTE, choices.SEE, choices.HANDLE), disputes.FACE)
        seen, handled = choices.SEE_COUNSELLING, choices.HANDLE_COUNSELLING
        register_subject(Subject(choices.CONSULTATION, seen, handled), counselling.FACE)
