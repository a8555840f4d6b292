"""The newest cases of a community are read one after another."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import F

from gongzhi.procedures.models import InCommunity


class Migration(migrations.Migration):
    """One index more; that of areas stays for single grids and wider areas."""

    dependencies: ClassVar[list[Any]] = [("procedures", "0011_recusals_stay")]
    operations: ClassVar[list[Any]] = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                InCommunity("area"), F("id").desc(), name="procedures_case_community"
            ),
        ),
    ]
