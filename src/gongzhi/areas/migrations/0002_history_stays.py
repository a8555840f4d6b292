"""What history must keep: codes never change hands, nothing is lost by an adjustment."""

from typing import Any, ClassVar

from django.db import migrations

from gongzhi.kernel.sql import statement


class Migration(migrations.Migration):
    """Triggers on areas and successions."""

    dependencies: ClassVar[list[Any]] = [("areas", "0001_initial")]
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(
            statement("areas", "make_history_stay"), statement("areas", "let_history_go")
        ),
    ]
