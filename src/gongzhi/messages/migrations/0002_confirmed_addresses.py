# What residents left before this was asked: mails went there with the way to stop them.
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def take_as_confirmed(apps, _editor):
    """Keep on writing to those whom the system has been writing to."""
    address = apps.get_model("notices", "Address")
    address.objects.filter(account=None).update(confirmed_at=F("stored_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="address", name="confirm_by", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="address", name="confirmed_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunPython(take_as_confirmed, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                fields=["confirm_by"],
                condition=Q(account=None, confirmed_at=None),
                name="notices_address_unconfirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=Q(account__isnull=False)
                | Q(confirmed_at__isnull=False)
                | Q(confirm_by__isnull=False),
                name="notices_address_confirmed_or_asked",
            ),
        ),
    ]
