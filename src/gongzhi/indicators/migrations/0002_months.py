"""Tallies by month: a quarter had read thousands of daily rows, each on a page of its own."""

from typing import Any, ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models

from gongzhi.kernel.sql import statement


class Migration(migrations.Migration):
    """The table of months filled from the days, and a view of days in the place of their table."""

    dependencies: ClassVar[list[Any]] = [("indicators", "0001_initial")]
    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Month",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cut",
                        "area",
                        "measure",
                        "month",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("cut", models.CharField(max_length=1)),
                ("area", models.TextField(db_collation="C")),
                ("measure", models.TextField(db_collation="C")),
                ("month", models.DateField()),
                ("key", models.TextField(db_collation="C")),
                (
                    "n",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=31
                    ),
                ),
                (
                    "amount",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=31
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            statement("indicators", "make_months"),
            statement("indicators", "drop_months"),
            state_operations=[
                migrations.AlterModelOptions(name="tally", options={"managed": False}),
                migrations.AlterModelTable(name="tally", table="indicators_tally"),
            ],
        ),
    ]
