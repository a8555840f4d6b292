"""Recusals that are inherited, and that are taken back without leaving the record; words sealed."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from gongzhi.kernel import crypto
from gongzhi.kernel.sql import statement


def seal(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001  # Django's signature
    """Seal the words that lay open until now."""
    model = apps.get_model("procedures", "Recusal")
    for one in model.objects.exclude(words="").iterator():
        one.words_sealed = crypto.seal(one.words, "procedures.recusal")
        one.save(update_fields=["words_sealed"])


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0010_plain_keys"),
    ]

    operations = [
        migrations.AddField("recusal", "words_sealed", models.BinaryField(null=True)),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveField("recusal", "words"),
        migrations.AddField(
            "recusal",
            "version",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procedures.procedureversion",
            ),
        ),
        migrations.AddField(
            "recusal",
            "inherited",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="passed_on",
                to="procedures.recusal",
            ),
        ),
        migrations.AddField("recusal", "taken_back_at", models.DateTimeField(null=True)),
        migrations.AddField("recusal", "taken_back_by", models.BigIntegerField(null=True)),
        migrations.AddField("recusal", "taken_back_sealed", models.BinaryField(null=True)),
        migrations.RemoveConstraint("recusal", "procedures_recused_once"),
        migrations.AddConstraint(
            "recusal",
            models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("account", "case"),
                name="procedures_recused_once",
            ),
        ),
        migrations.AddConstraint(
            "recusal",
            models.CheckConstraint(
                condition=models.Q(
                    ("taken_back_at__isnull", False),
                    models.Q(("taken_back_by__isnull", True), ("taken_back_sealed__isnull", True)),
                    _connector="OR",
                ),
                name="procedures_taken_back_whole",
            ),
        ),
        migrations.AddIndex(
            "recusal",
            models.Index(
                condition=models.Q(("inherited__isnull", False)),
                fields=["inherited"],
                name="procedures_recusal_passed_on",
            ),
        ),
        migrations.RunSQL(
            statement("procedures", "recusals"), statement("procedures", "drop_recusals")
        ),
    ]
