import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0007_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="recused",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.BigIntegerField()),
                ("reason", models.CharField(max_length=60)),
                ("words", models.TextField()),
                ("ordered_by", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recusals",
                        to="procedures.case",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case"], name="procedures_recusal_case")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "case"), name="procedures_recused_once"
                    )
                ],
            },
        ),
    ]
