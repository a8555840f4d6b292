"""The app visits as Django sees it."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The app visits."""

    name = "gongzhi.visits"
    label = "visits"
    verbose_name = "走访"

    def ready(self) -> None:
        """Let a need be handed over as the draft of a matter."""
        from gongzhi.kernel.sources import Source, register_source
        from gongzhi.visits.actions import take_need
        from gongzhi.visits.choices import SOURCE
        from gongzhi.visits.queries import draft_of_need

        register_source(Source(SOURCE, draft_of_need, take_need))
