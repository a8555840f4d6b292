"""Words are found by their pairs of letters: most Chinese words are too short for trigrams."""

from typing import Any, ClassVar

import django.contrib.postgres.indexes
from django.db import migrations

from gongzhi.kernel.sql import statement
from gongzhi.matters.models import Pairs


class Migration(migrations.Migration):
    """The function, and the index made of it in the place of the trigrams."""

    dependencies: ClassVar[list[Any]] = [("matters", "0010_accused")]
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(statement("matters", "pairs"), statement("matters", "drop_pairs")),
        migrations.RemoveIndex(model_name="matter", name="matters_words"),
        migrations.AddIndex(
            model_name="matter",
            index=django.contrib.postgres.indexes.GinIndex(
                Pairs("words", "title", "place_text"), name="matters_pairs"
            ),
        ),
    ]
