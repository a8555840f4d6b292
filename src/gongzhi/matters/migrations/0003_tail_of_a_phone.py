"""An index of digits stands beside a phone only: it goes when the phone goes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from 0002, whose rows PostgreSQL would still have pending triggers for.
    dependencies = [("matters", "0002_follow_by_digits")]

    operations = [
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tail_index", None), ("phone_sealed__isnull", False), _connector="OR"
                ),
                name="matters_tail_of_a_phone",
            ),
        ),
    ]
