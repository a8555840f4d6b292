"""One address is asked a few times only, whoever leaves it with reports."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Which askings go to one address is known until it is confirmed."""

    dependencies: ClassVar[list[Any]] = [("notices", "0002_confirmed_addresses")]
    operations: ClassVar[list[Any]] = [
        migrations.AddField("address", "asked_index", models.BinaryField(null=True)),
        migrations.AddConstraint(
            "address",
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(asked_index=None),
                name="notices_address_index_while_asked",
            ),
        ),
        migrations.AddIndex(
            "address",
            models.Index(
                fields=["asked_index"],
                condition=Q(asked_index__isnull=False),
                name="notices_address_asked",
            ),
        ),
    ]
