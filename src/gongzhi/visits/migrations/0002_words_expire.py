"""The words of a visit have a term; those there are get it from the day they were recorded."""

from datetime import timedelta
from typing import Any

from django.db import migrations, models
from django.db.models import F

from gongzhi.visits.retention import visit_days


def set_terms(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001  # Django's signature
    """Count the days from the recording on."""
    visit = apps.get_model("visits", "Visit")
    visit.objects.update(keep_until=F("recorded_at") + timedelta(days=visit_days()))


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.AddField("visit", "keep_until", models.DateField(null=True)),
        migrations.RunPython(set_terms, migrations.RunPython.noop),
        migrations.AddIndex(
            "visit",
            models.Index(
                condition=models.Q(("keep_until__isnull", False)),
                fields=["keep_until"],
                name="visits_visit_expiry",
            ),
        ),
        migrations.RemoveConstraint("need", "visits_result_whole"),
        migrations.AddConstraint(
            "need",
            models.CheckConstraint(
                condition=models.Q(("result_at__isnull", False), ("result", ""), _connector="OR"),
                name="visits_result_whole",
            ),
        ),
    ]
