# Photos of who answers a question and of who follows: what they gave is told apart.
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0011_pairs")]

    operations = [
        migrations.AlterField(
            model_name="photo",
            name="origin",
            field=models.CharField(
                choices=[
                    ("reporter", "反映人"),
                    ("staff", "办理人员"),
                    ("answer", "回答提问的一方"),
                    ("follower", "跟进的人"),
                ],
                max_length=8,
            ),
        ),
    ]
