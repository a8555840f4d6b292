from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0008_recusals"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="own_due",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="case",
            name="own_due_basis",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
