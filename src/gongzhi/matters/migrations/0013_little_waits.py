"""Little waits beside the index of pairs: every search reads what waits."""

from typing import Any, ClassVar

import django.contrib.postgres.indexes
from django.db import migrations

from gongzhi.matters.models import Pairs


class Migration(migrations.Migration):
    """The index stays; how much may wait beside it changes."""

    dependencies: ClassVar[list[Any]] = [("matters", "0012_photo_origins")]
    operations: ClassVar[list[Any]] = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER INDEX matters_pairs SET (gin_pending_list_limit = 64)",
                    "ALTER INDEX matters_pairs RESET (gin_pending_list_limit)",
                )
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="matter", name="matters_pairs"),
                migrations.AddIndex(
                    model_name="matter",
                    index=django.contrib.postgres.indexes.GinIndex(
                        Pairs("words", "title", "place_text"),
                        name="matters_pairs",
                        gin_pending_list_limit=64,
                    ),
                ),
            ],
        )
    ]
