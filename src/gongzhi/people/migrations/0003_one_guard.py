"""The guard against guessing serves more than sign-in."""

from typing import Any, ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """A wider name."""

    dependencies: ClassVar[list[Any]] = [("people", "0002_reveals_stay")]
    operations: ClassVar[list[Any]] = [migrations.RenameModel("SignInGuard", "TryGuard")]
