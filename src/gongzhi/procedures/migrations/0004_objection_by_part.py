"""Each of several organisations may object once; before, one of them could for all."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One constraint, wider by the owner."""

    dependencies: ClassVar[list[Any]] = [("procedures", "0003_sub_cases")]
    operations: ClassVar[list[Any]] = [
        migrations.RemoveConstraint(model_name="objection", name="procedures_objection_once"),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                fields=("case", "visit", "owner"), name="procedures_objection_once"
            ),
        ),
    ]
