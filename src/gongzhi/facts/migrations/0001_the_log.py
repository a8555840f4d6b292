"""The log, its readers' places, dead letters and kept answers."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import migrations, models

from gongzhi.kernel.sql import statement


def make_months(apps: Any, schema_editor: Any) -> None:
    """Make last month's partition and those of the coming three months."""
    month = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)  # noqa: DTZ011
    with schema_editor.connection.cursor() as cursor:
        for _ in range(5):
            cursor.execute("SELECT fact_make_month(%s)", [month])
            month = (month + timedelta(days=32)).replace(day=1)


class Migration(migrations.Migration):
    """First state of the log."""

    initial = True
    dependencies: ClassVar[list[Any]] = []
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(statement("facts", "make_log"), statement("facts", "drop_log")),
        migrations.RunPython(make_months, migrations.RunPython.noop),
        migrations.CreateModel(
            name="FactRecord",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.TextField()),
                ("area", models.TextField()),
                ("case_id", models.BigIntegerField(null=True)),
                ("actor_kind", models.TextField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("post_id", models.BigIntegerField(null=True)),
                ("request_id", models.TextField()),
                ("action", models.TextField()),
                ("data", models.JSONField()),
            ],
            options={"db_table": "fact", "managed": False},
        ),
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("xid", models.TextField(default="0")),
                ("fact", models.BigIntegerField(default=0)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "fact_reader"},
        ),
        migrations.CreateModel(
            name="DeadLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reader", models.TextField()),
                ("fact", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("error", models.TextField()),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "fact_dead_letter",
                "constraints": [
                    models.UniqueConstraint(fields=("reader", "fact"), name="dead_letter_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner", models.TextField()),
                ("key", models.TextField()),
                ("digest", models.BinaryField()),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "kept_answer",
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "key"), name="kept_answer_once")
                ],
                "indexes": [models.Index(fields=["at"], name="kept_answer_at")],
            },
        ),
    ]
