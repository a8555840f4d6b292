"""A sheet that cannot go on is stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_suggestions_and_due")]

    operations = [
        migrations.AlterField(
            model_name="sheet",
            name="status",
            field=models.CharField(
                choices=[
                    ("checked", "待确认"),
                    ("running", "导入中"),
                    ("done", "已导入"),
                    ("stopped", "已中断"),
                ],
                max_length=8,
            ),
        ),
    ]
