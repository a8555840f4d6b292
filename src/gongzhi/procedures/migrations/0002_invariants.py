"""What must hold whatever the code does: immutable versions, carried cases, number series."""

from typing import Any, ClassVar

from django.db import migrations

from gongzhi.kernel.sql import statement


class Migration(migrations.Migration):
    """Triggers and functions."""

    dependencies: ClassVar[list[Any]] = [("procedures", "0001_cases")]
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(
            statement("procedures", "invariants"), statement("procedures", "drop_invariants")
        ),
    ]
