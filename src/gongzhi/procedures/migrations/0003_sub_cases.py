"""A sub-case knows the visit of its parent that opened it and waits for it."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies: ClassVar[list[Any]] = [("procedures", "0002_invariants")]
    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="case",
            name="parent_visit",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
