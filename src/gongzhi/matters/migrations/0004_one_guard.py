"""Tries of digits are counted by the guard of people; the counts of a few minutes are let go."""

from typing import Any, ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """One table less."""

    dependencies: ClassVar[list[Any]] = [
        ("matters", "0003_tail_of_a_phone"),
        ("people", "0003_one_guard"),
    ]
    operations: ClassVar[list[Any]] = [migrations.DeleteModel("FollowGuard")]
