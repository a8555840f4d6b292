"""A blind index of the last digits of a reporter's phone, and the guard against guessing them."""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, _schema_editor: Any) -> None:
    """Give reporters who are on record already the index of their digits."""
    from gongzhi.kernel import crypto

    reporter = apps.get_model("matters", "Reporter")
    known = reporter.objects.filter(phone_sealed__isnull=False).order_by("pk")
    for one in known.iterator(chunk_size=1000):
        phone = crypto.open_sealed(one.phone_sealed, "matters.reporter_phone")
        digits = f"{one.matter_id}:{phone[-4:]}"
        one.tail_index = crypto.blind_index(digits, "matters.reporter_tail")
        one.save(update_fields=["tail_index"])


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FollowGuard",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("tries", models.IntegerField()),
                ("window_ends", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="reporter", name="tail_index", field=models.BinaryField(null=True)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
