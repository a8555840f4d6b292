from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0009_saved_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="accused",
            field=models.BigIntegerField(null=True),
        ),
    ]
