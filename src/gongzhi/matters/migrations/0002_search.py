"""Words of matters are searched by trigrams."""

from typing import Any, ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """An index over title, words and place."""

    dependencies: ClassVar[list[Any]] = [("matters", "0001_initial")]
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS pg_trgm;"
            "CREATE INDEX matters_search ON matters_matter USING gin"
            " ((title || ' ' || words || ' ' || place_text) gin_trgm_ops);",
            "DROP INDEX IF EXISTS matters_search;",
        ),
    ]
