"""A wide scope's list of open cases is read in the order of what is due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0004_objection_by_part"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["due_at", "id"],
                name="procedures_case_due",
            ),
        ),
    ]
