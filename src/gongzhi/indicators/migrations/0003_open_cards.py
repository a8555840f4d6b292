"""Cards are cleared of old versions often: what stands open is then read from its index alone."""

from typing import Any, ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """By default a fifth of a million cards would have to change before."""

    dependencies: ClassVar[list[Any]] = [("indicators", "0002_months")]
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(
            "ALTER TABLE indicators_card SET (autovacuum_vacuum_scale_factor = 0.01)",
            "ALTER TABLE indicators_card RESET (autovacuum_vacuum_scale_factor)",
        ),
    ]
